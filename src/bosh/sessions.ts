/**
 * All BOSH sessions of a capture: brings each event to its session, and notices when a client begins a new one without ending the old. Bounded;
 * the sessions longest unused go first.
 */
import type { MonotonicMs } from "../domain/instant.ts";
import { advance } from "./advance.ts";
import type { AnswerSeen, BoshEvent, FailureSeen, RequestSeen } from "./bosh-event.ts";
import type { BoshObservation } from "./observation.ts";
import { nextDeadline } from "./on-tick.ts";
import type { BoshSession } from "./session.ts";
import { newSession, sessionKey } from "./session.ts";

export interface BoshEndpoint {
  readonly host: string;
  readonly port: number;
}

/** A session that an event changed, as it is now. */
export interface SessionChange {
  /** Stays the same for a session's whole life, also before it has a sid. */
  readonly number: number;
  readonly session: BoshSession;
  readonly observations: readonly BoshObservation[];
}

interface Entry {
  readonly number: number;
  session: BoshSession;
  deadline: number | null;
  agent: string | null;
  creationKey: string | null;
  /** The latest few. */
  connections: readonly number[];
}

const maxConnections = 4;

/** Twice the agents of the largest Finesse; one session takes about 3 KB. */
const defaultCapacity = 5000;
const nothing: readonly SessionChange[] = [];

export class BoshSessions {
  readonly #capacity: number;
  /** In order of use. */
  readonly #entries = new Map<number, Entry>();
  readonly #bySid = new Map<string, Entry>();
  /** Creations not answered yet: a resent creation belongs to the same session. */
  readonly #creating = new Map<string, Entry>();
  readonly #byExchange = new Map<number, Entry>();
  readonly #byAgent = new Map<string, Entry>();
  readonly #byConnection = new Map<number, Entry>();
  readonly #timed = new Set<Entry>();
  #next = 1;
  /** No timed entry is due before this. */
  #earliest = Number.POSITIVE_INFINITY;

  constructor(capacity: number = defaultCapacity) {
    this.#capacity = Math.max(1, capacity);
  }

  get size(): number {
    return this.#entries.size;
  }

  get(host: string, port: number, sid: string): BoshSession | null {
    return this.#bySid.get(sessionKey(host, port, sid))?.session ?? null;
  }

  /** The session an open exchange belongs to. */
  ofExchange(exchange: number): BoshSession | null {
    return this.#byExchange.get(exchange)?.session ?? null;
  }

  /** All that are known, longest unused first. */
  all(): readonly BoshSession[] {
    return [...this.#entries.values()].map(({ session }) => session);
  }

  request(endpoint: BoshEndpoint, event: RequestSeen): readonly SessionChange[] {
    const entry = this.#entryFor(endpoint, event);
    const replaced = entry.session.lastExchange === 0 ? this.#replace(entry, event) : null;
    this.#byExchange.set(event.exchange, entry);
    this.#usesConnection(entry, event.connection);
    const change = this.#advance(entry, event);
    if (replaced === null) return [change];
    const observations = [...change.observations, replaced.observation];
    return [replaced.change, { ...change, observations }];
  }

  /** Nothing when the exchange is no open request of a session. */
  answer(event: AnswerSeen): readonly SessionChange[] {
    return this.#end(event);
  }

  /** The same. */
  failure(event: FailureSeen): readonly SessionChange[] {
    return this.#end(event);
  }

  /** Lets time pass for all sessions that are due. Cheap when none is. */
  tick(at: MonotonicMs): readonly SessionChange[] {
    if (at < this.#earliest) return nothing;
    const changes: SessionChange[] = [];
    let earliest = Number.POSITIVE_INFINITY;
    for (const entry of this.#timed) {
      if (entry.deadline !== null && entry.deadline <= at) {
        const change = this.#advance(entry, { kind: "tick", at });
        if (change.observations.length > 0) changes.push(change);
      }
      earliest = Math.min(earliest, entry.deadline ?? Number.POSITIVE_INFINITY);
    }
    this.#earliest = earliest;
    return changes;
  }

  /** When to call `tick` next at the latest; it may turn out that nothing was due. null = not without another event. */
  nextDeadline(): MonotonicMs | null {
    return this.#earliest === Number.POSITIVE_INFINITY ? null : this.#earliest;
  }

  #end(event: AnswerSeen | FailureSeen): readonly SessionChange[] {
    const entry = this.#byExchange.get(event.exchange);
    if (entry === undefined) return nothing;
    this.#byExchange.delete(event.exchange);
    if (!this.#entries.has(entry.number)) return nothing;
    const change = this.#advance(entry, event);
    const bound = change.observations.some(({ kind }) => kind === "session-bound");
    const replaced = bound ? this.#replace(entry, event) : null;
    if (replaced === null) return [change];
    return [
      replaced.change,
      { ...change, observations: [...change.observations, replaced.observation] },
    ];
  }

  #entryFor({ host, port }: BoshEndpoint, event: RequestSeen): Entry {
    const { sid, rid } = event.body;
    const index = sid === null ? this.#creating : this.#bySid;
    const key = sessionKey(host, port, sid ?? `${rid} ${event.hash}`);
    const known = index.get(key);
    if (known !== undefined) return known;
    const entry: Entry = {
      number: this.#next++,
      session: newSession({ host, port }, sid, event.at),
      deadline: null,
      agent: null,
      creationKey: sid === null ? key : null,
      connections: [],
    };
    this.#entries.set(entry.number, entry);
    index.set(key, entry);
    if (this.#entries.size > this.#capacity) this.#evict();
    return entry;
  }

  #advance(entry: Entry, event: BoshEvent): SessionChange {
    const before = entry.session;
    const [session, observations] = advance(before, event);
    entry.session = session;
    if (event.kind !== "tick") {
      this.#entries.delete(entry.number);
      this.#entries.set(entry.number, entry);
    }
    if (before.sid === null && session.sid !== null) {
      this.#bySid.set(sessionKey(session.host, session.port, session.sid), entry);
    }
    if (before.state === "creating" && session.state !== "creating") this.#forgetCreation(entry);
    if (before.jid !== session.jid) this.#learnAgent(entry);
    this.#schedule(entry);
    return { number: entry.number, session, observations };
  }

  #schedule(entry: Entry): void {
    entry.deadline = nextDeadline(entry.session);
    if (entry.deadline === null) {
      this.#timed.delete(entry);
      return;
    }
    this.#timed.add(entry);
    this.#earliest = Math.min(this.#earliest, entry.deadline);
  }

  /** Ends the session this client had before, when it did not end it itself. */
  #replace(
    entry: Entry,
    event: BoshEvent & { readonly exchange: number },
  ): { change: SessionChange; observation: BoshObservation } | null {
    const agent = event.kind === "request" ? agentOf(event.body.from) : agentOf(entry.session.jid);
    const isCreation = event.kind === "request" && event.body.sid === null;
    const old = this.#previous(entry, agent, isCreation ? event.connection : null);
    if (agent !== null) {
      entry.agent = agent;
      this.#byAgent.set(agent, entry);
    }
    if (old === null || (event.kind === "request" && !isCreation)) return null;
    const previous = old.session;
    const change = this.#advance(old, { kind: "replaced", at: event.at, exchange: event.exchange });
    const endpoint = `${previous.host}:${previous.port}`;
    const observation: BoshObservation = {
      kind: "reconnect-without-terminate",
      previousSid: previous.sid,
      previousState: previous.state,
      previousEndpoint: endpoint,
      otherNode: previous.host !== entry.session.host,
      at: event.at,
      exchanges: [event.exchange, previous.lastExchange],
    };
    return { change, observation };
  }

  #previous(entry: Entry, agent: string | null, connection: number | null): Entry | null {
    const sameAgent = agent === null ? undefined : this.#byAgent.get(agent);
    if (sameAgent !== undefined && sameAgent !== entry) return stillThere(sameAgent);
    const sameSocket = connection === null ? undefined : this.#byConnection.get(connection);
    if (sameSocket === undefined || sameSocket === entry) return null;
    // One browser may have two agents signed in: its sockets serve both.
    const contradicts = agent !== null && sameSocket.agent !== null && sameSocket.agent !== agent;
    return contradicts ? null : stillThere(sameSocket);
  }

  #forgetCreation(entry: Entry): void {
    if (entry.creationKey !== null) this.#creating.delete(entry.creationKey);
    entry.creationKey = null;
  }

  #learnAgent(entry: Entry): void {
    const agent = agentOf(entry.session.jid);
    if (agent === null) return;
    entry.agent = agent;
    if (!this.#byAgent.has(agent)) this.#byAgent.set(agent, entry);
  }

  #usesConnection(entry: Entry, connection: number): void {
    this.#byConnection.set(connection, entry);
    if (entry.connections.at(-1) === connection) return;
    entry.connections = [...entry.connections.filter((other) => other !== connection), connection];
    const [first] = entry.connections;
    if (first === undefined || entry.connections.length <= maxConnections) return;
    entry.connections = entry.connections.slice(1);
    if (this.#byConnection.get(first) === entry) this.#byConnection.delete(first);
  }

  #evict(): void {
    const oldest = this.#entries.values().next().value;
    if (oldest === undefined) return;
    this.#entries.delete(oldest.number);
    this.#timed.delete(oldest);
    this.#forgetCreation(oldest);
    const { host, port, sid, open } = oldest.session;
    if (sid !== null) this.#bySid.delete(sessionKey(host, port, sid));
    for (const { exchange } of open) this.#byExchange.delete(exchange);
    if (oldest.agent !== null && this.#byAgent.get(oldest.agent) === oldest) {
      this.#byAgent.delete(oldest.agent);
    }
    for (const connection of oldest.connections) {
      if (this.#byConnection.get(connection) === oldest) this.#byConnection.delete(connection);
    }
  }
}

const live = new Set(["creating", "open", "silent", "expired"]);

const stillThere = (entry: Entry): Entry | null => (live.has(entry.session.state) ? entry : null);

/** Without its domain: after a failover the same agent is at another node. */
function agentOf(jid: string | null): string | null {
  const end = jid?.indexOf("@") ?? -1;
  return jid === null || end <= 0 ? null : jid.slice(0, end).toLowerCase();
}
