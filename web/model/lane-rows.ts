/** Which rows the lanes have, top to bottom: each agent's sessions, latest first, and in which order the agents stand. */
import type { AgentSummary, SessionSummary } from "../../src/domain/timeline.ts";
import type { LaneView } from "./lane-scale.ts";
import { agentLane, type LaneStore, sessionLane } from "./lane-store.ts";

export interface LaneRow {
  /** null: sessions whose agent is not known yet. */
  readonly agent: AgentSummary | null;
  readonly session: SessionSummary | null;
  /** The agent's first row: it has the strip. */
  readonly isFirst: boolean;
  /** Lanes of the store whose marks are drawn here. */
  readonly lane: string | null;
  readonly agentLane: string | null;
}

/** Earlier sessions shown below the current one, while they are in view. */
const maxEarlier = 3;

export function rowsOf(
  store: LaneStore,
  view: LaneView,
  order: (a: AgentSummary, b: AgentSummary) => number,
): readonly LaneRow[] {
  const rows: LaneRow[] = [];
  for (const agent of [...store.agents.values()].sort(order)) {
    const sessions = sessionsOf(store, agent).filter(
      (session, index) => index === 0 || isInView(session, view),
    );
    const [current = null, ...earlier] = sessions;
    rows.push(rowFrom(agent, current, true));
    for (const session of earlier.slice(0, maxEarlier)) rows.push(rowFrom(agent, session, false));
  }
  for (const session of store.sessions.values()) {
    if (session.agent === null && isInView(session, view)) rows.push(rowFrom(null, session, true));
  }
  return rows;
}

/** Latest first. */
export const sessionsOf = (store: LaneStore, agent: AgentSummary): readonly SessionSummary[] =>
  agent.sessions.map((id) => store.sessions.get(id)).filter((session) => session !== undefined);

const isInView = ({ startedAt, endedAt }: SessionSummary, { from, to }: LaneView): boolean =>
  Date.parse(startedAt) <= to && (endedAt === null || Date.parse(endedAt) >= from);

function rowFrom(
  agent: AgentSummary | null,
  session: SessionSummary | null,
  isFirst: boolean,
): LaneRow {
  const { host = "", port = 0, sid = null } = session ?? {};
  return {
    agent,
    session,
    isFirst,
    lane: sid === null ? null : sessionLane(host, port, sid),
    agentLane: agent === null || !isFirst ? null : agentLane(agent.agent),
  };
}
