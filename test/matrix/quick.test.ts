/** A few short runs of the matrix with each test run, far from every threshold, so that a busy machine does not change the verdict. */
import { expect, test } from "vitest";
import { play } from "./play.ts";
import { findScenario } from "./scenarios/all.ts";
import { verdictOf } from "./score.ts";

/** Seeds that draw a short run. */
const quick = [
  ["service-crashed", 4],
  ["tomcat-stopped", 7],
  ["cti-lost", 4],
  ["signed-in-twice", 6],
  ["real-signed-in-twice", 0],
  ["real-wrong-password", 0],
] as const;

test.each(quick)("%s is told as its truth says", async (name, seed) => {
  const scenario = findScenario(name);
  const result = await play({ scenario, seed, writeTruth: () => undefined });
  expect(result.broken).toBeNull();
  const said = result.findings.map(({ title, cause, confidence }) => [cause, confidence, title]);
  const { cause, side } = verdictOf(result.findings) ?? {};
  expect({ cause, said }).toEqual({ cause: scenario.cause, said });
  expect(scenario.sides).toContain(side);
});
