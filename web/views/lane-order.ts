/**
 * The lanes' rows in the order asked for. They are made anew once a second, and at once when the view or the number of agents changes:
 * with two thousand agents it is not a thing for every repaint. Nor do rows dance so.
 */
import type { AgentSummary } from "../../src/domain/timeline.ts";
import { statusOf } from "../model/agent-status.ts";
import { type LaneRow, rowsOf, sessionsOf } from "../model/lane-rows.ts";
import { serverNow } from "../state/clock.ts";
import { agentOrder, currentView, lanes, laneView, timeScale } from "../state/lanes.ts";

const settleMs = 1000;
const grave = { red: 0, amber: 1, calm: 2, off: 3 } as const;

let settled: { readonly at: number; readonly key: string; readonly rows: readonly LaneRow[] } = {
  at: 0,
  key: "",
  rows: [],
};

export function laneRows(): readonly LaneRow[] {
  const now = Date.now();
  const { from, to } = laneView.value;
  const { agents, sessions } = lanes;
  const isFew = sessions.size < 100;
  const key = `${agentOrder.value} ${agents.size} ${isFew ? sessions.size : ""} ${from} ${to}`;
  if (settled.key !== key || now - settled.at > settleMs) settled = { at: now, key, rows: make() };
  return settled.rows;
}

/** The same rows, those from `first` to `end` with what is known of them now. */
export function freshRows(
  rows: readonly LaneRow[],
  { first, end }: { readonly first: number; readonly end: number },
): readonly LaneRow[] {
  const fresh = (row: LaneRow): LaneRow => ({
    ...row,
    agent: (row.agent && lanes.agents.get(row.agent.agent)) ?? row.agent,
    session: (row.session && lanes.sessions.get(row.session.id)) ?? row.session,
  });
  return rows.map((row, index) => (index >= first && index < end ? fresh(row) : row));
}

function make(): readonly LaneRow[] {
  const byId = (a: AgentSummary, b: AgentSummary): number => (a.agent < b.agent ? -1 : 1);
  if (agentOrder.peek() === "id") return rowsOf(lanes, currentView(), byId);
  const now = serverNow();
  const ranks = new Map<string, number>();
  for (const agent of lanes.agents.values()) ranks.set(agent.agent, rankOf(agent, now));
  const rank = ({ agent }: AgentSummary): number => ranks.get(agent) ?? grave.calm;
  return rowsOf(lanes, currentView(), (a, b) => rank(a) - rank(b) || byId(a, b));
}

function rankOf(agent: AgentSummary, now: number): number {
  const [session = null] = sessionsOf(lanes, agent);
  return grave[statusOf(agent, session, now, timeScale.peek()).level];
}
