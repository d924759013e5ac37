import { expect, test } from "vitest";
import { judgeStep, wentAsExpected } from "../../../../src/faults/scenarios/judge-step.ts";

const step = { expectedMs: [33_000, 35_000], observedMs: null, certainty: "sure" } as const;
const run = {
  observedBy: "simulator",
  triggeredAt: "2026-01-01T00:00:01.000Z",
  endedAt: null,
} as const;

test("a step is awaited while the run lasts, and missing after it", () => {
  expect(judgeStep(run, step)).toBe("waiting");
  expect(judgeStep({ ...run, endedAt: "2026-01-01T00:01:00.000Z" }, step)).toBe("missing");
});

test("what may stay away is no miss, and what must stay away is one when it came", () => {
  const ended = { ...run, endedAt: "2026-01-01T00:01:00.000Z" };
  expect(judgeStep(ended, { ...step, certainty: "maybe" })).toBe("absent");
  expect(judgeStep(ended, { ...step, certainty: "never" })).toBe("absent");
  expect(judgeStep(run, { ...step, certainty: "never" })).toBe("waiting");
  expect(judgeStep(run, { ...step, certainty: "never", observedMs: 34_000 })).toBe("unwanted");
});

test("the window's ends belong to it", () => {
  for (const [ms, observed] of [
    [32_999, "early"],
    [33_000, "in-time"],
    [35_000, "in-time"],
    [35_001, "late"],
  ] as const) {
    expect(judgeStep(run, { ...step, observedMs: ms })).toBe(observed);
  }
});

test("a run went as expected when each step did, and nobody can say so while it runs or untold", () => {
  const ended = { ...run, endedAt: "2026-01-01T00:01:00.000Z" };
  expect(wentAsExpected(ended, ["in-time", "absent"])).toBe(true);
  for (const verdict of ["missing", "early", "late", "unwanted"] as const)
    expect(wentAsExpected(ended, ["in-time", verdict])).toBe(false);
  expect(wentAsExpected(run, ["in-time"])).toBe(null);
  expect(wentAsExpected({ ...ended, triggeredAt: null }, ["missing"])).toBe(null);
  expect(wentAsExpected({ ...ended, observedBy: null }, ["missing"])).toBe(null);
  expect(wentAsExpected(ended, [])).toBe(null);
});

test("a client log that never came says nothing", () => {
  const ended = { ...run, observedBy: "client-log", endedAt: "2026-01-01T00:01:00.000Z" } as const;
  expect(wentAsExpected(ended, ["missing", "absent"])).toBe(null);
  expect(wentAsExpected(ended, ["missing", "in-time"])).toBe(false);
  expect(wentAsExpected(ended, ["in-time", "absent"])).toBe(true);
});
