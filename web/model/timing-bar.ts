/** Lays the marks of an exchange out on a line: spans that never overlap, as fractions of the whole. */
import type { Timing } from "../../src/domain/exchange.ts";

export type SpanName = "request" | "connect" | "forward" | "hold" | "answer" | "deliver";

export interface TimingSpan {
  readonly name: SpanName;
  readonly fromMs: number;
  readonly toMs: number;
  /** Fractions 0..1 of the bar. */
  readonly start: number;
  readonly width: number;
  /** True for the span that is still running, or in which the exchange failed. */
  readonly open: boolean;
}

export interface TimingBar {
  readonly totalMs: number;
  readonly spans: readonly TimingSpan[];
  /** Fraction at which it failed, or null. */
  readonly failed: number | null;
}

/** `nowMs`: ms since the request's first byte, for an exchange that is still open; ignored when it is over. */
export function timingBar(timing: Timing, pending: boolean, nowMs: number): TimingBar {
  const end = pending ? Math.max(nowMs, latest(timing)) : latest(timing);
  const totalMs = Math.max(end, 0.001);
  const spans: TimingSpan[] = [];
  let from = 0;
  for (const [name, mark] of steps(timing)) {
    const over = mark === null;
    const to = over ? end : Math.max(from, Math.min(mark, end));
    if (to > from || (over && pending)) {
      spans.push({
        name,
        fromMs: from,
        toMs: to,
        start: from / totalMs,
        width: (to - from) / totalMs,
        open: over,
      });
    }
    from = to;
    if (over) break;
  }
  return {
    totalMs,
    spans,
    failed: timing.failed === null ? null : Math.min(1, Math.max(0, timing.failed / totalMs)),
  };
}

/** Connecting is a step only when the server connection was made for this request: otherwise its mark is negative or zero. */
function steps(timing: Timing): readonly (readonly [SpanName, number | null])[] {
  const ready = timing.serverTls ?? timing.serverConnected;
  const connecting = ready !== null && ready > (timing.requestEnd ?? 0);
  const all: (readonly [SpanName, number | null])[] = [["request", timing.requestEnd]];
  if (connecting) all.push(["connect", ready]);
  all.push(
    ["forward", timing.requestSent],
    ["hold", timing.responseFirst],
    ["answer", timing.responseEnd],
    ["deliver", timing.delivered],
  );
  return all;
}

function latest(timing: Timing): number {
  return Math.max(0, ...Object.values(timing).filter((mark): mark is number => mark !== null));
}
