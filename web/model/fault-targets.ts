/** Whom a scenario can be run on: agents and hosts as seen in the traffic. */
import type { AgentSummary, SessionSummary } from "../../src/domain/timeline.ts";

interface Seen {
  readonly agents: ReadonlyMap<string, AgentSummary>;
  readonly sessions: ReadonlyMap<string, SessionSummary>;
}

/** Login ids: those with a host, so signed in, first. */
export function agentTargets({ agents }: Seen): readonly string[] {
  const rank = ({ host }: AgentSummary): number => (host === null ? 1 : 0);
  return [...agents.values()]
    .sort((one, other) => rank(one) - rank(other) || (one.agent < other.agent ? -1 : 1))
    .map(({ agent }) => agent);
}

/** Host names of sessions and heartbeats. */
export function hostTargets({ agents, sessions }: Seen): readonly string[] {
  const hosts = new Set<string>();
  for (const { host } of sessions.values()) hosts.add(host);
  for (const { heartbeats } of agents.values()) for (const { host } of heartbeats) hosts.add(host);
  return [...hosts].sort();
}

/** False for a scenario about polls on an agent whose living session is a WebSocket; what is not known is not forbidden. */
export function appliesTo(
  clients: readonly string[],
  agent: string,
  { agents, sessions }: Seen,
): boolean {
  const own = (agents.get(agent)?.sessions ?? []).map((id) => sessions.get(id));
  const living = own.find((session) => session !== undefined && session.endedAt === null);
  return living?.transport !== "websocket" || clients.includes("websocket");
}
