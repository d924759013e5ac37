/**
 * Who is who in traffic: agents by session, by connection and by WebSocket, and how both stand. Learned from what passes a gated connection, and from
 * the recorder's timelines, as most sessions are older than the rule that looks for them. Bounded; the longest unmentioned go first.
 */
import type { AgentSummary, SessionSummary } from "../domain/timeline.ts";

const capacity = 20_000;

interface KnownSession {
  readonly agent: string | null;
  readonly phase: string | null;
}

export class TrafficDirectory {
  readonly #sessions = new Map<string, KnownSession>();
  readonly #states = new Map<string, string>();
  readonly #connections = new Map<number, string>();
  /** WebSockets by the exchange that opened them. */
  readonly #sockets = new Map<number, KnownSession>();

  /** What the recorder found out; its word on phases and states is the latest. */
  learn(changed: {
    readonly sessions: readonly SessionSummary[];
    readonly agents: readonly AgentSummary[];
  }): void {
    for (const { sid, agent, phase, transport, firstExchange } of changed.sessions) {
      if (sid !== null) this.session(sid, agent, phase);
      if (transport === "websocket") this.#socket(numberOf(firstExchange), agent, phase);
    }
    for (const { agent, state } of changed.agents) if (state !== null) this.state(agent, state);
  }

  /** null = no news about that. */
  session(sid: string, agent: string | null, phase: string | null): void {
    const known = this.#sessions.get(sid);
    put(this.#sessions, sid, {
      agent: agent ?? known?.agent ?? null,
      phase: phase ?? known?.phase ?? null,
    });
  }

  connection(number: number, agent: string): void {
    put(this.#connections, number, agent);
  }

  state(agent: string, state: string): void {
    put(this.#states, agent, state);
  }

  ofSession(sid: string | null): KnownSession | null {
    return sid === null ? null : (this.#sessions.get(sid) ?? null);
  }

  /** `exchange`: the one that opened the WebSocket. */
  ofSocket(exchange: number): KnownSession | null {
    return this.#sockets.get(exchange) ?? null;
  }

  ofConnection(number: number): string | null {
    return this.#connections.get(number) ?? null;
  }

  stateOf(agent: string | null): string | null {
    return agent === null ? null : (this.#states.get(agent) ?? null);
  }

  #socket(exchange: number, agent: string | null, phase: string): void {
    const known = this.#sockets.get(exchange);
    put(this.#sockets, exchange, { agent: agent ?? known?.agent ?? null, phase });
  }
}

/** `captureId-number`. */
const numberOf = (id: string): number => Number(id.slice(id.lastIndexOf("-") + 1));

function put<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= capacity) return;
  const oldest = map.keys().next();
  if (oldest.done !== true) map.delete(oldest.value);
}
