/** Reads a term's value as a span of numbers: one number, a range, a class such as 4xx, with the unit of its field. Pure. */

import type { Operator } from "./query.ts";

/** Numbers from `from` to `to`; null = no bound on that side. */
export interface Span {
  readonly from: number | null;
  readonly fromIncluded: boolean;
  readonly to: number | null;
  readonly toIncluded: boolean;
}

export type Unit = "plain" | "status" | "duration" | "size" | "time";

const factors: Partial<Record<Unit, Readonly<Record<string, number>>>> = {
  duration: { "": 1, ms: 1, s: 1000, m: 60_000, h: 3_600_000 },
  size: { "": 1, b: 1, kb: 1024, mb: 1024 * 1024 },
  plain: { "": 1 },
  status: { "": 1 },
};

/** What a value of that unit looks like, for people who got it wrong. */
export const examples: Readonly<Record<Unit, string>> = {
  plain: "a number such as 7443, or a range such as 1..9",
  status: "a status such as 404, 4xx, >=500 or 400..499",
  duration: "a time such as 250ms, 30s, 2m or 1h, or a range such as 1s..5s",
  size: "a size such as 500b, 10kb or 1mb, or a range such as 1kb..1mb",
  time: "a UTC time such as 2026-01-31 or 2026-01-31T09:30, or a range of two with ..",
};

/** The span that an operator and a value name (`!=`: the span that is left out); null = not readable as that unit. */
export function readSpan(text: string, operator: Operator, unit: Unit): Span | null {
  const isEqual = operator === ":" || operator === "=" || operator === "!=";
  return isEqual ? readNamed(text, unit) : readComparison(text, operator, unit);
}

function readNamed(text: string, unit: Unit): Span | null {
  const compared = /^(>=|<=|>|<)(.*)$/.exec(text);
  if (compared) return readComparison(compared[2] ?? "", compared[1] ?? "", unit);
  const dots = text.indexOf("..");
  if (dots >= 0) return readRange(text.slice(0, dots), text.slice(dots + 2), unit);
  if (unit === "status" && /^[1-9]xx$/i.test(text)) {
    const hundreds = Number(text[0]) * 100;
    return { from: hundreds, fromIncluded: true, to: hundreds + 100, toIncluded: false };
  }
  return readPoint(text, unit);
}

/** The span beyond a value: `>` `>=` `<` `<=`. A time stands for its first moment. */
function readComparison(text: string, operator: string, unit: Unit): Span | null {
  const value = readPoint(text, unit)?.from ?? null;
  if (value === null) return null;
  const included = operator.endsWith("=");
  return operator.startsWith(">")
    ? { from: value, fromIncluded: included, to: null, toIncluded: false }
    : { from: null, fromIncluded: false, to: value, toIncluded: included };
}

/** `A..B`, both included, either may be left out. */
function readRange(low: string, high: string, unit: Unit): Span | null {
  if (low === "" && high === "") return null;
  const first = low === "" ? unbounded : readPoint(low, unit);
  const last = high === "" ? unbounded : readPoint(high, unit);
  if (first === null || last === null) return null;
  return { from: first.from, fromIncluded: true, to: last.to, toIncluded: last.toIncluded };
}

const unbounded: Span = { from: null, fromIncluded: false, to: null, toIncluded: false };

function readPoint(text: string, unit: Unit): Span | null {
  if (unit === "time") return readTime(text);
  const parts = /^(\d{1,15}(?:\.\d{1,6})?)([a-z]*)$/i.exec(text);
  const factor = factors[unit]?.[(parts?.[2] ?? "").toLowerCase()];
  if (!parts || factor === undefined) return null;
  const value = Number(parts[1]) * factor;
  return { from: value, fromIncluded: true, to: value, toIncluded: true };
}

const timeShape =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?)?(Z|[+-]\d\d:\d\d)?$/;

/** A day, minute, second or millisecond: the span from its begin to its end, so that `at:2026-01-31` is that whole day. */
function readTime(text: string): Span | null {
  const parts = timeShape.exec(text);
  if (!parts) return null;
  const [, year, month, day, hour = "00", minute = "00", second = "00", fraction = "0", zone] =
    parts;
  const milliseconds = fraction.padEnd(3, "0").slice(0, 3).padStart(3, "0");
  const from = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${zone ?? "Z"}`,
  );
  if (Number.isNaN(from)) return null;
  return { from, fromIncluded: true, to: from + lengthOf(parts), toIncluded: false };
}

function lengthOf(parts: readonly (string | undefined)[]): number {
  if (parts[4] === undefined) return 86_400_000;
  if (parts[6] === undefined) return 60_000;
  return parts[7] === undefined ? 1000 : 1;
}
