/** Sessions and agents as last told by the recorder's thread. Bounded as that is. */
import type { Timeline } from "../../domain/recording.ts";
import type { AgentSummary, SessionSummary } from "../../domain/timeline.ts";
import { maxAgents, maxSessions } from "./timelines.ts";

export class TimelineBook {
  readonly #sessions = new Map<string, SessionSummary>();
  readonly #agents = new Map<string, AgentSummary>();

  take({ sessions, agents }: Timeline): void {
    for (const session of sessions) put(this.#sessions, session.id, session, maxSessions);
    for (const agent of agents) put(this.#agents, agent.agent, agent, maxAgents);
  }

  all(): Timeline {
    return { sessions: [...this.#sessions.values()], agents: [...this.#agents.values()] };
  }
}

function put<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > most && !oldest.done) map.delete(oldest.value);
}
