/** The lanes' rows in the order asked for. Trouble first is settled anew every other second only, so that rows do not dance. */
import type { AgentSummary } from "../../src/domain/timeline.ts";
import { statusOf } from "../model/agent-status.ts";
import { type LaneRow, rowsOf, sessionsOf } from "../model/lane-rows.ts";
import { serverNow } from "../state/clock.ts";
import { agentOrder, currentView, lanes, timeScale } from "../state/lanes.ts";

const settleMs = 2000;
const grave = { red: 0, amber: 1, calm: 2, off: 3 } as const;

let settledAt = 0;
let ranks = new Map<string, number>();

export function laneRows(): readonly LaneRow[] {
  const byId = (a: AgentSummary, b: AgentSummary): number => (a.agent < b.agent ? -1 : 1);
  if (agentOrder.value === "id") return rowsOf(lanes, currentView(), byId);
  const now = serverNow();
  if (now - settledAt > settleMs) {
    settledAt = now;
    ranks = new Map(
      [...lanes.agents.values()].map((agent) => [agent.agent, rankOf(agent, now)] as const),
    );
  }
  const rank = ({ agent }: AgentSummary): number => ranks.get(agent) ?? grave.calm;
  return rowsOf(lanes, currentView(), (a, b) => rank(a) - rank(b) || byId(a, b));
}

function rankOf(agent: AgentSummary, now: number): number {
  const [session = null] = sessionsOf(lanes, agent);
  return grave[statusOf(agent, session, now, timeScale.peek()).level];
}
