/** Chosen rows as a filter: `number:(3..5|9)`. */

/** "" = none. */
export function numberQuery(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && number <= last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  const written = ranges.map(([from, to]) => (from === to ? `${from}` : `${from}..${to}`));
  if (written.length === 0) return "";
  return written.length === 1 ? `number:${written[0]}` : `number:(${written.join("|")})`;
}
