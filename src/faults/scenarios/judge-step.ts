/** How a step of a run stands, and how the run went: expected, written beforehand, against what the desktop's own log says. */
import type { ScenarioRunState, ScenarioStepState } from "../../domain/fault-desk.ts";
import type { ExpectedStep } from "./scenario.ts";

export type StepVerdict =
  | "waiting"
  | "missing"
  | "in-time"
  | "early"
  | "late"
  /** Stayed away, as it may or must. */
  | "absent"
  /** Came although it must not. */
  | "unwanted";

export function judgeStep(
  run: Pick<ScenarioRunState, "endedAt">,
  {
    expectedMs: [from, until],
    observedMs,
    certainty,
  }: Pick<ScenarioStepState, "expectedMs" | "observedMs"> & Pick<ExpectedStep, "certainty">,
): StepVerdict {
  if (observedMs === null) {
    if (run.endedAt === null) return "waiting";
    return certainty === "sure" ? "missing" : "absent";
  }
  if (certainty === "never") return "unwanted";
  if (observedMs < from) return "early";
  return observedMs > until ? "late" : "in-time";
}

const seen: ReadonlySet<StepVerdict> = new Set(["in-time", "early", "late", "unwanted"]);
const expected: ReadonlySet<StepVerdict> = new Set(["in-time", "absent"]);

/** Whether all went as expected; null when nobody can tell: it still runs, touched nothing, or no desktop's log was there. */
export function wentAsExpected(
  run: Pick<ScenarioRunState, "endedAt" | "triggeredAt" | "observedBy">,
  verdicts: readonly StepVerdict[],
): boolean | null {
  const { endedAt, triggeredAt, observedBy } = run;
  if (endedAt === null || triggeredAt === null || observedBy === null) return null;
  // Desktops post their log when a person asks them to: silence says nothing.
  if (observedBy === "client-log" && !verdicts.some((verdict) => seen.has(verdict))) return null;
  return verdicts.length === 0 ? null : verdicts.every((verdict) => expected.has(verdict));
}
