import { expect, test } from "vitest";
import type { ScenarioRun } from "../../../../src/server/messages.ts";
import { observedOf } from "../../../../web/model/run-step.ts";

const step = {
  what: "x",
  expectedMs: [33_000, 35_000],
  observedMs: null,
  certainty: "sure",
} as const;
const run: ScenarioRun = {
  id: "run1",
  scenario: "poll-lost",
  agent: "1001",
  host: null,
  client: "strophe",
  observedBy: "simulator",
  triggeredAt: "2026-01-01T00:00:01.000Z",
  startedAt: "2026-01-01T00:00:00.000Z",
  endedAt: null,
  rules: [],
  steps: [step],
};

test("a step is awaited while the run lasts, and missing after it", () => {
  expect(observedOf(run, step)).toBe("waiting");
  expect(observedOf({ ...run, endedAt: "2026-01-01T00:01:00.000Z" }, step)).toBe("missing");
});

test("what may stay away is no miss, and what must stay away is one when it came", () => {
  const ended = { ...run, endedAt: "2026-01-01T00:01:00.000Z" };
  expect(observedOf(ended, { ...step, certainty: "maybe" })).toBe("absent");
  expect(observedOf(ended, { ...step, certainty: "never" })).toBe("absent");
  expect(observedOf(run, { ...step, certainty: "never" })).toBe("waiting");
  expect(observedOf(run, { ...step, certainty: "never", observedMs: 34_000 })).toBe("unwanted");
});

test("the window's ends belong to it", () => {
  for (const [ms, observed] of [
    [32_999, "early"],
    [33_000, "in-time"],
    [35_000, "in-time"],
    [35_001, "late"],
  ] as const) {
    expect(observedOf(run, { ...step, observedMs: ms })).toBe(observed);
  }
});
