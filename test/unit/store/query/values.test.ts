/** Values as spans: what each way of writing one includes. */
import { expect, test } from "vitest";
import type { Operator } from "../../../../src/store/query/query.ts";
import { readSpan, type Unit } from "../../../../src/store/query/values.ts";

const midnight = Date.parse("2026-01-31T00:00:00.000Z");
const minute = 60_000;

/** Spans as [from, to), [from, to] and so on, the way they are written in mathematics. */
function written(text: string, operator: Operator, unit: Unit): string | null {
  const span = readSpan(text, operator, unit);
  if (span === null) return null;
  const opening = span.fromIncluded ? "[" : "(";
  const closing = span.toIncluded ? "]" : ")";
  return `${opening}${span.from ?? ""},${span.to ?? ""}${closing}`;
}

test.each<[Unit, Operator, string, string | null]>([
  ["plain", ":", "7443", "[7443,7443]"],
  ["plain", "!=", "7443", "[7443,7443]"],
  ["plain", ":", "1..9", "[1,9]"],
  ["plain", ":", "1..", "[1,)"],
  ["plain", ":", "..9", "[,9]"],
  ["plain", ":", "..", null],
  ["plain", ":", "1...9", null],
  ["plain", ":", "-1", null],
  ["plain", ":", "1e3", null],
  ["plain", ":", "7ms", null],
  ["plain", ":", "", null],
  ["plain", ">", "5", "(5,)"],
  ["plain", ">=", "5", "[5,)"],
  ["plain", "<", "5", "(,5)"],
  ["plain", "<=", "5", "(,5]"],
  ["plain", ":", "<=5", "(,5]"],
  ["plain", ">", "1..2", null],
  ["status", ":", "4xx", "[400,500)"],
  ["status", ":", "5XX", "[500,600)"],
  ["status", ">", "4xx", null],
  ["status", ":", "0xx", null],
  ["duration", ">", "250", "(250,)"],
  ["duration", ">", "250ms", "(250,)"],
  ["duration", ">", "30s", "(30000,)"],
  ["duration", ">", "1.5m", "(90000,)"],
  ["duration", ">", "2H", "(7200000,)"],
  ["duration", ":", "1s..5s", "[1000,5000]"],
  ["duration", ">", "1kb", null],
  ["size", ">", "1kb", "(1024,)"],
  ["size", ">", "2mb", "(2097152,)"],
  ["size", ">", "7b", "(7,)"],
  ["size", ">", "7", "(7,)"],
  ["time", ":", "2026-01-31", `[${midnight},${midnight + 1440 * minute})`],
  ["time", ":", "2026-01-31T09:30", `[${midnight + 570 * minute},${midnight + 571 * minute})`],
  ["time", ":", "2026-01-31 09:30", `[${midnight + 570 * minute},${midnight + 571 * minute})`],
  ["time", ":", "2026-01-31T00:00:01", `[${midnight + 1000},${midnight + 2000})`],
  ["time", ":", "2026-01-31T00:00:00.25Z", `[${midnight + 250},${midnight + 251})`],
  ["time", ":", "2026-01-31T02:00+02:00", `[${midnight},${midnight + minute})`],
  ["time", ">", "2026-01-31", `(${midnight},)`],
  ["time", ":", "2026-01-31..2026-01-31", `[${midnight},${midnight + 1440 * minute})`],
  ["time", ":", "2026-02-31T25:00", null],
  ["time", ":", "2026", null],
])("%s %s %s", (unit, operator, text, span) => {
  expect(written(text, operator, unit)).toBe(span);
});
