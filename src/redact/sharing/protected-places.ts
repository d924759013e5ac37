/** Numbers that are no one's, although they may look like an agent's: counters, clocks, lengths, ports, ids. */

const counted =
  /\b(?:rid|ack|wait|hold|requests|polling|inactivity|maxpause|ver|nocache|time|timestamp|timezoneoffset|content-length|length|status|max-age|port|size|count|version)["']?\s{0,3}[=:>]\s{0,3}["']?$/i;
const ports = new Set("80 443 5222 5223 7070 7071 7443 8082 8443 8444 8445 12005".split(" "));
const moment = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:|$)|^\d\d:\d\d:\d\d/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

export function isProtected(text: string, start: number, end: number): boolean {
  const value = text.slice(start, end);
  if (!/^[\da-f]+$/i.test(value)) return false;
  const before = text.slice(Math.max(0, start - 24), start);
  if (/^\d+$/.test(value)) {
    if (counted.test(before)) return true;
    if (ports.has(value) && before.endsWith(":")) return true;
  }
  const around = surroundings(text, start, end);
  return moment.test(around) || uuid.test(around);
}

/** The run of digits, letters a-f and separators around the place. */
function surroundings(text: string, start: number, end: number): string {
  let from = start;
  let to = end;
  while (from > 0 && start - from < 40 && isOfRun(text.charCodeAt(from - 1))) from--;
  while (to < text.length && to - end < 40 && isOfRun(text.charCodeAt(to))) to++;
  return text.slice(from, to);
}

/** Digits, a-f, `-`, `:`, `T`. */
function isOfRun(code: number): boolean {
  if (code >= 0x30 && code <= 0x3a) return true;
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x66) || code === 0x2d || code === 0x54;
}
