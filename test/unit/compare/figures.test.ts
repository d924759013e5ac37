import { describe, expect, test } from "vitest";
import { compareFigures, figuresOf } from "../../../src/compare/figures.ts";
import type { CaptureFigures } from "../../../src/domain/comparison.ts";
import type { ExchangeSummary } from "../../../src/domain/exchange.ts";

const row = (second: number, change: Partial<ExchangeSummary> = {}): ExchangeSummary =>
  ({
    at: new Date(second * 1000).toISOString(),
    role: "poll",
    host: "fin1.demo.test",
    agent: "1001",
    sid: "s1",
    rid: 1000 + second / 30,
    holdMs: 30_000,
    thinkGapMs: 14,
    outcome: { kind: "responded", status: 200, reason: "OK" },
    notes: ["empty"],
    ...change,
  }) as ExchangeSummary;
const healthy = figuresOf([0, 30, 60, 90].map((second) => row(second)));
const sick = figuresOf([
  row(150, { thinkGapMs: 64_000, rid: 1007, notes: ["retransmission"] }),
  row(0),
  row(30, { outcome: { kind: "responded", status: 404, reason: "Invalid SID" } }),
]);

const sickSide = (name: keyof CaptureFigures, left: CaptureFigures, right: CaptureFigures) =>
  compareFigures(left, right).find((figure) => figure.name === name)?.sick;

describe("the figures of a capture", () => {
  test("are the same in any order, by nearest rank", () => {
    expect(healthy).toMatchObject({
      polls: 4,
      sessions: 1,
      spanMs: 90_000,
      cadenceMs: 30_000,
      holdMedianMs: 30_000,
      gapMaxMs: 14,
      empties: 4,
      ridsMissing: 0,
    });
    expect(sick).toMatchObject({
      spanMs: 150_000,
      gapMaxMs: 64_000,
      longGaps: 1,
      failures: 1,
      retransmissions: 1,
      ridsMissing: 5,
    });
  });

  test("rids and cadence are those of each session apart", () => {
    const two = figuresOf([
      row(0),
      row(30),
      row(1, { sid: "s2", rid: 900_000 }),
      row(31, { sid: "s2", rid: 900_001 }),
    ]);
    expect(two).toMatchObject({ sessions: 2, ridsMissing: 0, cadenceMs: 30_000 });
  });

  test("SystemInfo and REST have cadence and latency of their own", () => {
    const figures = figuresOf([
      row(0, { role: "systeminfo", holdMs: 12 }),
      row(60, { role: "systeminfo", holdMs: 14 }),
      row(70, {
        role: "rest",
        holdMs: 700,
        outcome: { kind: "responded", status: 503, reason: "" },
      }),
      row(71, { role: "rest", holdMs: 5, notes: ["probe"] }),
    ]);
    expect(figures).toMatchObject({
      polls: 0,
      beats: 2,
      beatCadenceMs: 60_000,
      beatLatencyMaxMs: 14,
      restRequests: 1,
      restFailures: 1,
      restLatencyMaxMs: 700,
    });
  });

  test("of nothing there is nothing to measure", () => {
    expect(figuresOf([])).toMatchObject({ polls: 0, spanMs: null, gapMaxMs: null, ridsMissing: 0 });
  });

  test("the sick side stands out, what is neither good nor bad does not, nor does noise", () => {
    expect(sickSide("gapMaxMs", healthy, sick)).toBe("right");
    expect(sickSide("ridsMissing", sick, healthy)).toBe("left");
    expect(sickSide("polls", healthy, sick)).toBeNull();
    expect(sickSide("gapMaxMs", figuresOf([]), sick)).toBeNull();
    expect(sickSide("gapMaxMs", healthy, { ...healthy, gapMaxMs: 600 })).toBeNull();
  });
});
