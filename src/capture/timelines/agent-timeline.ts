/** One agent over time: the sessions it had, on either node, the rhythm of its SystemInfo, and its story. */
import type { AgentSummary, HeartbeatSummary, StoryEntry } from "../../domain/timeline.ts";
import type { Drift } from "../../finesse/drift.ts";
import {
  beat,
  type Heartbeat,
  type HeartbeatObservation,
  heartbeatDeadline,
  noHeartbeat,
  waitForBeat,
} from "../../finesse/heartbeat.ts";
import type { JoinedBy } from "./agent-join.ts";
import type { PlaceInTime } from "./place-in-time.ts";
import type { TrackedSession } from "./tracked-session.ts";

const maxSessions = 12;
const maxStory = 24;
const maxNodes = 6;
const strongestFirst: readonly JoinedBy[] = ["jid", "rest", "sid", "cookie", "connection"];

interface Beats {
  readonly host: string;
  readonly port: number;
  heartbeat: Heartbeat;
  lastExchange: number;
  status: string | null;
  drift: Drift | null;
}

/** What is told of one moment; the timeline adds when and where. */
export type Told = Pick<StoryEntry, "kind" | "host" | "port" | "detail"> & {
  readonly exchange: number;
  readonly session: string | null;
};

export class AgentTimeline {
  readonly agent: string;
  state: string | null = null;
  readonly #place: PlaceInTime;
  readonly #firstSeen: string;
  #lastSeen: number;
  /** Latest first; before it, one that outlived a later one. */
  #sessions: TrackedSession[] = [];
  readonly #beats = new Map<string, Beats>();
  #story: StoryEntry[] = [];
  readonly #joinedBy = new Set<JoinedBy>();

  constructor(agent: string, at: number, place: PlaceInTime) {
    this.agent = agent;
    this.#place = place;
    this.#firstSeen = place.iso(at);
    this.#lastSeen = at;
  }

  get current(): TrackedSession | null {
    return this.#sessions[0] ?? null;
  }

  seen(at: number, by: JoinedBy): void {
    this.#lastSeen = Math.max(this.#lastSeen, at);
    this.#joinedBy.add(by);
  }

  tell(told: Told, at: number): void {
    const entry: StoryEntry = {
      at: this.#place.iso(at),
      kind: told.kind,
      host: told.host,
      port: told.port,
      exchange: this.#place.exchangeId(told.exchange),
      session: told.session,
      detail: told.detail,
    };
    this.#story = [...this.#story, entry].slice(-maxStory);
  }

  /** A session turned out to be this agent's. */
  attach(session: TrackedSession, exchange: number, at: number): void {
    if (this.#sessions.includes(session)) {
      this.#turnToLiving();
      return;
    }
    const before = this.current;
    this.#sessions = [session, ...this.#sessions].slice(0, maxSessions);
    const { host, port, id } = session;
    const start = session.joined ? "session-joined" : "session-started";
    const told = { host, port, exchange, session: id };
    if (before === null || before.isLeave) {
      this.tell({ ...told, kind: start, detail: `${host}:${port} ${session.transport}` }, at);
      return;
    }
    session.previous = before.id;
    session.failover = before.host !== host;
    this.tell(
      session.failover
        ? { ...told, kind: "failover", detail: `${before.host} → ${host}` }
        : { ...told, kind: "reconnected", detail: `${host}:${port} ${session.transport}` },
      at,
    );
  }

  /** A gadget's session may end before the desktop's. While it lives it stays: two that are used in turn would take turns on the page. */
  #turnToLiving(): void {
    if (this.current?.isAlive !== false) return;
    const living = this.#sessions.find(({ isAlive }) => isAlive);
    if (living === undefined) return;
    this.#sessions = [living, ...this.#sessions.filter((other) => other !== living)];
  }

  beat(target: { host: string; port: number }, exchange: number, at: number): void {
    const key = `${target.host}:${target.port}`;
    const beats = this.#beats.get(key) ?? {
      host: target.host,
      port: target.port,
      heartbeat: noHeartbeat,
      lastExchange: exchange,
      status: null,
      drift: null,
    };
    this.#beats.set(key, beats);
    const oldest = this.#beats.keys().next().value;
    if (this.#beats.size > maxNodes && oldest !== undefined) this.#beats.delete(oldest);
    beats.lastExchange = exchange;
    this.#turnBeats(beats, beat(beats.heartbeat, at * this.#place.timeScale), at);
  }

  /** The answer to a SystemInfo request, as far as it could be read. */
  answered(
    target: { host: string; port: number },
    told: { exchange: number; status: string | null; drift: Drift; at: number },
  ): void {
    const beats = this.#beats.get(`${target.host}:${target.port}`);
    if (beats === undefined) return;
    beats.drift = told.drift;
    if (told.status === null || told.status === beats.status) return;
    const before = beats.status;
    beats.status = told.status;
    if (before === null && told.status === "IN_SERVICE") return;
    const kind = told.status === "IN_SERVICE" ? "in-service" : "out-of-service";
    this.tell(
      { ...target, kind, exchange: told.exchange, session: null, detail: told.status },
      told.at,
    );
  }

  /** Tells of beats that are missing; true when something was told. */
  tick(at: number): boolean {
    const before = this.#story.length === 0 ? null : this.#story.at(-1);
    for (const beats of this.#beats.values()) {
      this.#turnBeats(beats, waitForBeat(beats.heartbeat, at * this.#place.timeScale), at);
    }
    return before !== (this.#story.at(-1) ?? null);
  }

  /** When `tick` has something to tell at the earliest. */
  deadline(): number {
    const deadlines = [...this.#beats.values()].map(
      ({ heartbeat }) => heartbeatDeadline(heartbeat) ?? Number.POSITIVE_INFINITY,
    );
    return Math.min(Number.POSITIVE_INFINITY, ...deadlines) / this.#place.timeScale;
  }

  #turnBeats(
    beats: Beats,
    [heartbeat, observations]: readonly [Heartbeat, readonly HeartbeatObservation[]],
    at: number,
  ): void {
    beats.heartbeat = heartbeat;
    const { host, port, lastExchange: exchange } = beats;
    for (const seen of observations) {
      const told = { host, port, exchange, session: null };
      if (seen.kind === "beat-missing")
        this.tell({ ...told, kind: "beat-missing", detail: seconds(seen.sinceMs) }, at);
      if (seen.kind === "cadence-changed" && seen.from !== "unknown")
        this.tell({ ...told, kind: "cadence-changed", detail: `${seen.from} → ${seen.to}` }, at);
    }
  }

  summary(): AgentSummary {
    return {
      agent: this.agent,
      state: this.state,
      host: this.current?.host ?? null,
      sessions: this.#sessions.map(({ id }) => id),
      heartbeats: [...this.#beats.values()].map((beats) => this.#heartbeat(beats)),
      story: this.#story,
      firstSeen: this.#firstSeen,
      lastSeen: this.#place.iso(this.#lastSeen),
      joinedBy: strongestFirst.filter((by) => this.#joinedBy.has(by)),
    };
  }

  #heartbeat({ host, port, heartbeat, lastExchange, status, drift }: Beats): HeartbeatSummary {
    const { cadence, lastAt, beats, intervals, jitterMs, missed, missingTold } = heartbeat;
    return {
      host,
      port,
      cadence,
      lastAt: this.#place.iso(lastAt === null ? this.#lastSeen : lastAt / this.#place.timeScale),
      lastExchange: this.#place.exchangeId(lastExchange),
      beats,
      intervalMs: intervals.at(-1) ?? null,
      jitterMs,
      missed,
      isMissing: missingTold,
      status,
      driftMs: drift?.driftMs ?? null,
      roundTripMs: drift?.rttMs ?? null,
    };
  }
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;
