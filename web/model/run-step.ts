/** How a step of a scenario run stands: expected against seen. */
import type { ScenarioRun } from "../../src/server/messages.ts";

export type Observed = "waiting" | "missing" | "in-time" | "early" | "late";

export function observedOf(run: ScenarioRun, step: ScenarioRun["steps"][number]): Observed {
  const [from, until] = step.expectedMs;
  if (step.observedMs === null) return run.endedAt === null ? "waiting" : "missing";
  if (step.observedMs < from) return "early";
  return step.observedMs > until ? "late" : "in-time";
}
