/** What differs between two exchanges: headers, and XML by the paths of its values. */
import type { Pair } from "../../src/domain/comparison.ts";
import type { Header } from "../../src/domain/exchange.ts";
import { isBlank, unfold, type XmlElement, type XmlNode, type XmlTree } from "./xml-tree.ts";

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

function compareMaps(
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

/** Values that differ, each by its path: `body/@rid`, `body/message[2]/event/…`. Text that only lays out siblings does not count. */
export function compareXml(left: XmlTree, right: XmlTree): readonly Pair[] {
  return compareMaps(valuesOf(left), valuesOf(right)).filter(differs);
}

function valuesOf(tree: XmlTree): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  collect(tree.roots, "", values);
  return values;
}

const maxDepth = 60;

function collect(nodes: readonly XmlNode[], path: string, values: Map<string, string>): void {
  const seen = new Map<string, number>();
  for (const node of nodes) {
    if (node.kind === "element") {
      const count = (seen.get(node.name) ?? 0) + 1;
      seen.set(node.name, count);
      collectElement(node, `${path}${node.name}${count === 1 ? "" : `[${count}]`}`, values);
    } else if ((node.kind === "text" || node.kind === "cdata") && !isBlank(node)) {
      const key = path.endsWith("/") ? path.slice(0, -1) : path;
      values.set(key, (values.get(key) ?? "") + node.text.trim());
    }
  }
}

function collectElement(element: XmlElement, path: string, values: Map<string, string>): void {
  for (const { name, value } of element.attributes) values.set(`${path}/@${name}`, value);
  if (path.split("/").length > maxDepth) return;
  const inner = unfold(element);
  const children = inner?.roots ?? element.children;
  // An element with nothing in it is there all the same.
  if (children.length === 0 && element.attributes.length === 0) values.set(path, "");
  collect(children, `${path}/`, values);
}
