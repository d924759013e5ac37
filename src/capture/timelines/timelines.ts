/** Sessions and agents of a capture, each in its book; tells what changed since it was asked last. Bounded. */
import type { Timeline } from "../../domain/recording.ts";
import { AgentJoin, type JoinedBy } from "./agent-join.ts";
import { AgentTimeline, type Told } from "./agent-timeline.ts";
import type { PlaceInTime } from "./place-in-time.ts";
import { TrackedSession } from "./tracked-session.ts";

/** The agent of rows that were saved before it was known. */
export interface Naming {
  readonly numbers: readonly number[];
  readonly agent: string;
}

export const maxSessions = 6000;
export const maxAgents = 5000;
/** Told to an agent once the session has one. */
const maxUntold = 20;

export class Timelines {
  readonly join = new AgentJoin();
  readonly #place: PlaceInTime;
  readonly #sessions = new Map<string, TrackedSession>();
  readonly #agents = new Map<string, AgentTimeline>();
  readonly #changedSessions = new Set<TrackedSession>();
  readonly #changedAgents = new Set<AgentTimeline>();
  readonly #untold = new Map<TrackedSession, { told: Told; at: number }[]>();
  #namings: Naming[] = [];
  #next = 1;
  #earliest = Number.POSITIVE_INFINITY;

  constructor(place: PlaceInTime) {
    this.#place = place;
  }

  begin(
    at: { transport: "bosh" | "websocket"; host: string; port: number; mono: number },
    exchange: number,
  ): TrackedSession {
    const first = { ordinal: this.#next++, exchange };
    const session = new TrackedSession(
      at,
      first,
      at.transport === "bosh" ? scaled(this.#place) : this.#place,
    );
    this.#sessions.set(session.id, session);
    const oldest = this.#sessions.values().next().value;
    if (this.#sessions.size > maxSessions && oldest !== undefined) {
      this.#sessions.delete(oldest.id);
      this.#untold.delete(oldest);
    }
    this.touch(session);
    return session;
  }

  touch(session: TrackedSession): void {
    this.#changedSessions.add(session);
  }

  /** The session as it is now, after something happened to it; with its agent, if that is known. */
  settle(session: TrackedSession, exchange: number, at: number): AgentTimeline | null {
    this.touch(session);
    const { agent } = session;
    if (agent === null || session.isByHand) return null;
    const timeline = this.#timeline(agent, at);
    timeline.seen(at, "jid");
    if (session.unnamed.length > 0) {
      this.#namings.push({ numbers: session.unnamed.splice(0), agent });
    }
    const before = timeline.current;
    timeline.attach(session, exchange, at);
    const untold = this.#untold.get(session);
    if (before !== timeline.current || untold !== undefined) this.#changedAgents.add(timeline);
    for (const { told, at: toldAt } of untold ?? []) timeline.tell(told, toldAt);
    this.#untold.delete(session);
    return timeline;
  }

  tell(session: TrackedSession, told: Omit<Told, "host" | "port" | "session">, at: number): void {
    if (session.isByHand) return;
    const { host, port, id } = session;
    const whole: Told = { ...told, host, port, session: id };
    if (session.agent === null) {
      const untold = this.#untold.get(session) ?? [];
      if (untold.length < maxUntold) untold.push({ told: whole, at });
      this.#untold.set(session, untold);
      return;
    }
    this.agent(session.agent, at).tell(whole, at);
    this.touch(session);
  }

  /** Without making one. */
  known(name: string): AgentTimeline | null {
    return this.#agents.get(name.toLowerCase()) ?? null;
  }

  /** The agent's timeline, which counts as changed. */
  agent(name: string, at: number): AgentTimeline {
    const timeline = this.#timeline(name, at);
    this.#changedAgents.add(timeline);
    return timeline;
  }

  #timeline(name: string, at: number): AgentTimeline {
    const key = name.toLowerCase();
    const known = this.#agents.get(key);
    if (known !== undefined) return known;
    const timeline = new AgentTimeline(name, at, this.#place);
    this.#agents.set(key, timeline);
    this.#changedAgents.add(timeline);
    const oldest = this.#agents.keys().next().value;
    if (this.#agents.size > maxAgents && oldest !== undefined) this.#agents.delete(oldest);
    return timeline;
  }

  /** Who sent it: what it says itself, else its connection's or cookie's agent. null = not known yet; it is named once it is. */
  identify(
    said: string | null,
    exchange: { number: number; connection: number; at: number },
    cookies: readonly string[],
  ): string | null {
    const { number, connection, at } = exchange;
    if (said !== null) {
      this.#learn(said, connection, cookies);
      this.#timeline(said, at).seen(at, "rest");
      return said;
    }
    const found = this.join.find(connection, cookies);
    if (found === null) {
      this.join.leave(connection, number);
      return null;
    }
    this.#learn(found.agent, connection, cookies);
    this.#timeline(found.agent, at).seen(at, found.by);
    return found.agent;
  }

  /** Whose connection it is, and whose cookies. */
  #learn(agent: string, connection: number, cookies: readonly string[]): void {
    const numbers = this.join.learn(agent, connection, cookies);
    if (numbers.length > 0) this.#namings.push({ numbers, agent });
  }

  connectionOf(agent: string, connection: number, by: JoinedBy, at: number): void {
    this.#learn(agent, connection, []);
    this.#timeline(agent, at).seen(at, by);
  }

  beats(timeline: AgentTimeline): void {
    this.#earliest = Math.min(this.#earliest, timeline.deadline());
  }

  /** Lets time pass for heartbeats. Cheap when nothing is due. */
  tick(at: number): void {
    if (at < this.#earliest) return;
    let earliest = Number.POSITIVE_INFINITY;
    for (const timeline of this.#agents.values()) {
      if (timeline.tick(at)) this.#changedAgents.add(timeline);
      earliest = Math.min(earliest, timeline.deadline());
    }
    this.#earliest = earliest;
  }

  takeNamings(): readonly Naming[] {
    if (this.#namings.length === 0) return none;
    const namings = this.#namings;
    this.#namings = [];
    return namings;
  }

  /** Sessions and agents changed since the last call; null when none. */
  takeChanges(): Timeline | null {
    if (this.#changedSessions.size + this.#changedAgents.size === 0) return null;
    const changes = {
      sessions: [...this.#changedSessions].map((session) => session.summary()),
      agents: [...this.#changedAgents].map((agent) => agent.summary()),
    };
    this.#changedSessions.clear();
    this.#changedAgents.clear();
    return changes;
  }
}

/** A BOSH session lives in protocol time, as its machine does. */
const scaled = (place: PlaceInTime): PlaceInTime =>
  place.timeScale === 1
    ? place
    : {
        timeScale: place.timeScale,
        exchangeId: (number) => place.exchangeId(number),
        sessionId: (ordinal) => place.sessionId(ordinal),
        iso: (at) => place.iso(at / place.timeScale),
      };

const none: readonly Naming[] = [];
