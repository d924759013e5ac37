/** The three ways Finesse's logs write a time. */

export interface LogTime {
  /** As if it were UTC. */
  readonly local: number;
  /** Minutes east of UTC; null = not written. */
  readonly zone: number | null;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `2017.06.17 00:15:34`, with or without a fraction: the server's local time, no zone (Openfire). */
export function readDottedTime(text: string): LogTime | null {
  const parts = /^(\d{4})\.(\d\d)\.(\d\d) (\d\d):(\d\d):(\d\d)(?:[.,](\d{3}))?$/.exec(text);
  return parts === null ? null : timeOf(parts.slice(1, 8), null);
}

/** `Jun 17 2017 00:16:04.630 +0530` (Desktop-webservices, and the server's time in client logs). */
export function readNamedTime(text: string): LogTime | null {
  const parts =
    /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d{4}) (\d\d):(\d\d):(\d\d)\.(\d{3}) ([+-]\d{4})$/.exec(text);
  if (parts === null) return null;
  const month = months.indexOf(parts[1] ?? "") + 1;
  if (month === 0) return null;
  const [, , day, year, hour, minute, second, fraction, zone] = parts;
  return timeOf([year, String(month), day, hour, minute, second, fraction], readZone(zone ?? ""));
}

/** `2019-01-11T12:24:14.586 -05:00`: the client's local time (client logs). */
export function readClientTime(text: string): LogTime | null {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{3}) ([+-]\d\d:\d\d)$/.exec(text);
  return parts === null ? null : timeOf(parts.slice(1, 8), readZone(parts[8] ?? ""));
}

/** Wall ms, or null without a zone. */
export const wallOf = ({ local, zone }: LogTime): number | null =>
  zone === null ? null : local - zone * 60_000;

/** `+0530`, `-05:00` → minutes. */
function readZone(text: string): number {
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2));
  return text.startsWith("-") ? -minutes : minutes;
}

/** Year, month, day, hour, minute, second, and ms if there are any; null for a date no calendar has. */
function timeOf(parts: readonly (string | undefined)[], zone: number | null): LogTime | null {
  const numbers = parts.map((part) => Number(part ?? 0));
  const fits = limits.every(([low, high], index) => {
    const number = numbers[index] ?? 0;
    return number >= low && number <= high;
  });
  const [year = 0, month = 1, day = 1, hour, minute, second, ms] = numbers;
  return fits ? { local: Date.UTC(year, month - 1, day, hour, minute, second, ms), zone } : null;
}

/** Of year, month, day, hour, minute, second (a leap second is written as 60). */
const limits = [
  [1970, 9999],
  [1, 12],
  [1, 31],
  [0, 23],
  [0, 59],
  [0, 60],
] as const;
