/** Names with a value on either side. */
import type { Pair } from "../domain/comparison.ts";
import type { Header } from "../domain/exchange.ts";

export const differs = ({ left, right }: Pair): boolean => left !== right;

/** By name without regard to case, the n-th of a name beside the n-th; in the left's order, then what only the right has. */
export function compareHeaders(left: readonly Header[], right: readonly Header[]): readonly Pair[] {
  return compareMaps(headerMap(left), headerMap(right));
}

function headerMap(headers: readonly Header[]): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const { name, value } of headers) map.set(fresh(map, name.toLowerCase()), value);
  return map;
}

/** The name, or with a number from 2 when it is taken. */
function fresh(map: ReadonlyMap<string, unknown>, name: string): string {
  if (!map.has(name)) return name;
  let count = 2;
  while (map.has(`${name} (${count})`)) count += 1;
  return `${name} (${count})`;
}

export function compareMaps(
  left: ReadonlyMap<string, string>,
  right: ReadonlyMap<string, string>,
): readonly Pair[] {
  const names = [...left.keys(), ...[...right.keys()].filter((name) => !left.has(name))];
  return names.map((name) => ({
    name,
    left: left.get(name) ?? null,
    right: right.get(name) ?? null,
  }));
}
