/** How a step of a scenario run stands: expected against seen. */
import type { ScenarioRun } from "../../src/server/messages.ts";

export type Observed =
  | "waiting"
  | "missing"
  | "in-time"
  | "early"
  | "late"
  /** Stayed away, as it may or must. */
  | "absent"
  /** Came although it must not. */
  | "unwanted";

export function observedOf(
  run: Pick<ScenarioRun, "endedAt">,
  { expectedMs: [from, until], observedMs, certainty }: ScenarioRun["steps"][number],
): Observed {
  if (observedMs === null) {
    if (run.endedAt === null) return "waiting";
    return certainty === "sure" ? "missing" : "absent";
  }
  if (certainty === "never") return "unwanted";
  if (observedMs < from) return "early";
  return observedMs > until ? "late" : "in-time";
}
