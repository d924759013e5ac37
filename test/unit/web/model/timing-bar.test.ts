import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Timing } from "../../../../src/domain/exchange.ts";
import { timingBar } from "../../../../web/model/timing-bar.ts";

const nothing: Timing = {
  requestEnd: null,
  serverConnected: null,
  serverTls: null,
  requestSent: null,
  responseFirst: null,
  responseEnd: null,
  delivered: null,
  failed: null,
};
const mark = fc.option(fc.double({ min: -5000, max: 200_000, noNaN: true }), { nil: null });
const timings: fc.Arbitrary<Timing> = fc.record({
  requestEnd: mark,
  serverConnected: mark,
  serverTls: mark,
  requestSent: mark,
  responseFirst: mark,
  responseEnd: mark,
  delivered: mark,
  failed: mark,
});

describe("the timing bar", () => {
  test("spans follow one another without overlap and stay on the bar, whatever the marks", () => {
    fc.assert(
      fc.property(timings, fc.boolean(), fc.nat(300_000), (timing, pending, now) => {
        const bar = timingBar(timing, pending, now);
        let at = 0;
        for (const span of bar.spans) {
          expect(span.fromMs).toBeGreaterThanOrEqual(at);
          expect(span.toMs).toBeGreaterThanOrEqual(span.fromMs);
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.start + span.width).toBeLessThanOrEqual(1 + 1e-9);
          at = span.toMs;
        }
        expect(bar.spans.filter((span) => span.open).length).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("an answered poll is nearly all hold", () => {
    const bar = timingBar(
      {
        ...nothing,
        requestEnd: 0.4,
        serverConnected: -900,
        requestSent: 0.6,
        responseFirst: 30_000.6,
        responseEnd: 30_001,
        delivered: 30_001.2,
      },
      false,
      0,
    );
    expect(bar.spans.map((span) => span.name)).toEqual([
      "request",
      "forward",
      "hold",
      "answer",
      "deliver",
    ]);
    expect(bar.spans[2]?.width).toBeGreaterThan(0.99);
    expect(bar.totalMs).toBeCloseTo(30_001.2);
  });

  test("connecting is a step only when it was done for this request", () => {
    const fresh = timingBar(
      { ...nothing, requestEnd: 1, serverConnected: 4, serverTls: 15, requestSent: 16 },
      false,
      0,
    );
    expect(fresh.spans.map((span) => [span.name, span.toMs])).toContainEqual(["connect", 15]);
    const reused = timingBar(
      { ...nothing, requestEnd: 1, serverConnected: -4, serverTls: -1, requestSent: 2 },
      false,
      0,
    );
    expect(reused.spans.map((span) => span.name)).not.toContain("connect");
  });

  test("an open one grows with the clock; a failed one ends at its failure", () => {
    const sent = { ...nothing, requestEnd: 1, requestSent: 2 };
    expect(timingBar(sent, true, 12_000)).toMatchObject({ totalMs: 12_000, failed: null });
    expect(timingBar(sent, true, 12_000).spans.at(-1)).toMatchObject({ name: "hold", open: true });
    const failed = timingBar({ ...sent, failed: 5000 }, false, 99_999);
    expect(failed).toMatchObject({ totalMs: 5000, failed: 1 });
    expect(failed.spans.at(-1)).toMatchObject({ name: "hold", toMs: 5000, open: true });
  });
});
