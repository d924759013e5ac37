/** Facts and timing of two exchanges, worded side by side. */
import type { Pair } from "../../src/domain/comparison.ts";
import type { ExchangeDetail, Timing } from "../../src/domain/exchange.ts";
import type { Dictionary } from "../i18n/en.ts";
import { formatDate, formatNumber, formatSpan, type Language } from "./format.ts";
import { resultText } from "./row-cells.ts";

type Read = (shown: ExchangeDetail) => string | null;
type FactName = keyof Dictionary["compare"]["fact"];

export function exchangeFacts(
  left: ExchangeDetail,
  right: ExchangeDetail,
  { compare }: Dictionary,
  tongue: Language,
): readonly Pair[] {
  const span = (ms: number | null): string | null => (ms === null ? null : formatSpan(ms, tongue));
  const size = (bytes: number): string => formatNumber(bytes, tongue);
  const reads: readonly (readonly [FactName, Read])[] = [
    ["started", ({ at }) => formatDate(at)],
    ["method", ({ method }) => method],
    ["url", ({ url }) => url],
    ["result", resultText],
    ["hold", ({ holdMs }) => span(holdMs)],
    ["gap", ({ thinkGapMs }) => span(thinkGapMs)],
    ["wait", ({ waitMs }) => span(waitMs)],
    ["sid", ({ sid }) => sid],
    ["rid", ({ rid }) => (rid === null ? null : String(rid))],
    ["event", ({ event }) => event],
    ["requestHead", ({ sizes }) => size(sizes.requestHead)],
    ["requestBody", ({ sizes }) => size(sizes.requestBody)],
    ["responseHead", ({ sizes }) => size(sizes.responseHead)],
    ["responseBody", ({ sizes }) => size(sizes.responseBody)],
  ];
  return reads
    .map(([name, read]) => ({ name: compare.fact[name], left: read(left), right: read(right) }))
    .filter((pair) => pair.left !== null || pair.right !== null);
}

const marks = [
  "requestEnd",
  "requestSent",
  "responseFirst",
  "responseEnd",
  "delivered",
  "failed",
] as const satisfies readonly (keyof Timing)[];

/** Each mark after the request's first byte. */
export function exchangeTiming(
  left: ExchangeDetail,
  right: ExchangeDetail,
  { compare }: Dictionary,
  tongue: Language,
): readonly Pair[] {
  const span = (ms: number | null): string | null => (ms === null ? null : formatSpan(ms, tongue));
  return marks
    .map((mark) => ({
      name: compare.fact[mark],
      left: span(left.timing[mark]),
      right: span(right.timing[mark]),
    }))
    .filter((pair) => pair.left !== null || pair.right !== null);
}
