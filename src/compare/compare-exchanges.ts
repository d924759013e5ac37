/** Two exchanges side by side: facts, timing, headers, and where their XML differs. */
import type { ExchangeComparison, Pair } from "../domain/comparison.ts";
import type { ExchangeDetail, Outcome, Timing } from "../domain/exchange.ts";
import { compareXml } from "./compare-xml.ts";
import { compareHeaders } from "./pairs.ts";

export interface ComparedExchange {
  readonly detail: ExchangeDetail;
  /** "" = none, or not text. */
  readonly requestBody: string;
  readonly responseBody: string;
}

export function compareExchanges(
  left: ComparedExchange,
  right: ComparedExchange,
): ExchangeComparison {
  const headers = (side: "request" | "response"): readonly Pair[] =>
    compareHeaders(left.detail[side]?.headers ?? [], right.detail[side]?.headers ?? []);
  const both = (read: (detail: ExchangeDetail) => Facts): readonly Pair[] =>
    pairsOf(read(left.detail), read(right.detail));
  return {
    left: left.detail.id,
    right: right.detail.id,
    facts: both(factsOf),
    timing: both(({ timing }) => timingOf(timing)),
    requestHeaders: headers("request"),
    responseHeaders: headers("response"),
    requestXml: compareXml(left.requestBody, right.requestBody),
    responseXml: compareXml(left.responseBody, right.responseBody),
  };
}

type Facts = Readonly<Record<string, string | number | null>>;

function pairsOf(left: Facts, right: Facts): readonly Pair[] {
  const text = (value: string | number | null | undefined): string | null =>
    value === null || value === undefined ? null : String(value);
  return Object.keys(left)
    .map((name) => ({ name, left: text(left[name]), right: text(right[name]) }))
    .filter((pair) => pair.left !== null || pair.right !== null);
}

const factsOf = (detail: ExchangeDetail): Facts => ({
  started: detail.at,
  method: detail.method,
  url: detail.url,
  result: outcomeName(detail.outcome),
  hold: detail.holdMs,
  gap: detail.thinkGapMs,
  wait: detail.waitMs,
  agent: detail.agent,
  sid: detail.sid,
  rid: detail.rid,
  event: detail.event,
  notes: detail.notes.join(" ") || null,
  requestHead: detail.sizes.requestHead,
  requestBody: detail.sizes.requestBody,
  responseHead: detail.sizes.responseHead,
  responseBody: detail.sizes.responseBody,
});

const timingOf = (timing: Timing): Facts => ({
  requestEnd: timing.requestEnd,
  requestSent: timing.requestSent,
  responseFirst: timing.responseFirst,
  responseEnd: timing.responseEnd,
  delivered: timing.delivered,
  failed: timing.failed,
});

/** `200`, `reset`, `-` while it waits. */
export function outcomeName(outcome: Outcome): string {
  switch (outcome.kind) {
    case "pending":
      return "-";
    case "responded":
      return String(outcome.status);
    case "failed":
      return outcome.cause;
  }
}
