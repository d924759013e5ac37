/** One session as it is followed, of either transport: what was counted, and its summary at any moment. */
import type { BoshBody } from "../../bosh/bosh-body.ts";
import type { BoshSession } from "../../bosh/session.ts";
import type {
  GrantedSummary,
  SessionPhase,
  SessionSummary,
  SessionTransport,
} from "../../domain/timeline.ts";
import { localPartOf } from "../../xmpp/jid.ts";
import type { PlaceInTime } from "./place-in-time.ts";

const nothingGranted: GrantedSummary = {
  wait: null,
  hold: null,
  requests: null,
  inactivity: null,
  polling: null,
  maxpause: null,
  ver: null,
};

/** Answers whose stanzas were counted; a server repeats no older ones. */
const rememberedRids = 16;
/** Rows saved before the agent was known, to be named afterwards. */
const maxUnnamed = 500;
const lively: ReadonlySet<SessionPhase> = new Set(["creating", "open", "silent"]);

export class TrackedSession {
  readonly id: string;
  readonly transport: SessionTransport;
  readonly host: string;
  readonly port: number;
  sid: string | null = null;
  jid: string | null = null;
  phase: SessionPhase = "creating";
  joined = false;
  client: SessionSummary["client"] = "unknown";
  granted: GrantedSummary = nothingGranted;
  readonly startedAt: string;
  endedAt: string | null = null;
  ending: string | null = null;
  /** The client took leave: what follows is a new sign-in, no reconnect. */
  isLeave = false;
  /** Made by a person with requests sent again: no session of the agent's own. */
  isByHand = false;
  requests = 0;
  rids = 0;
  firstRid: number | null = null;
  lastRid: number | null = null;
  stanzasToServer = 0;
  stanzasToClient = 0;
  retransmissions = 0;
  failures = 0;
  pings = 0;
  open = 0;
  openSince: string | null = null;
  quietSince: string | null = null;
  lastThinkGapMs: number | null = null;
  maxThinkGapMs: number | null = null;
  readonly firstExchange: string;
  lastExchange: string;
  previous: string | null = null;
  failover = false;
  /** Numbers of rows without an agent so far. */
  readonly unnamed: number[] = [];
  readonly #counted: number[] = [];
  readonly #place: PlaceInTime;

  constructor(
    at: { transport: SessionTransport; host: string; port: number; mono: number },
    first: { ordinal: number; exchange: number },
    place: PlaceInTime,
  ) {
    this.#place = place;
    this.id = place.sessionId(first.ordinal);
    this.transport = at.transport;
    this.host = at.host;
    this.port = at.port;
    this.startedAt = place.iso(at.mono);
    this.firstExchange = place.exchangeId(first.exchange);
    this.lastExchange = this.firstExchange;
  }

  get agent(): string | null {
    return localPartOf(this.jid);
  }

  /** False once it can't be used any more. */
  get isAlive(): boolean {
    return lively.has(this.phase);
  }

  /** A row that can't be named yet. */
  withoutAgent(exchange: number): void {
    if (this.unnamed.length < maxUnnamed) this.unnamed.push(exchange);
  }

  /** Takes over what the session machine knows; `at` is the moment of what it was told last. */
  follow(session: BoshSession, at: number): void {
    const iso = (mark: number): string => this.#place.iso(mark);
    this.sid = session.sid;
    this.jid = session.jid;
    this.joined = session.joined;
    if (session.client !== "unknown") this.client = session.client;
    this.granted = session.granted;
    this.open = session.open.length;
    const [oldest] = session.open;
    this.openSince = oldest === undefined ? null : iso(oldest.at);
    this.quietSince = session.quietSince === null ? null : iso(session.quietSince);
    this.#turn(session.state, at);
  }

  /** A phase that is over may begin again: a session taken for lost was not. */
  #turn(phase: SessionPhase, at: number): void {
    if (this.phase === phase) return;
    this.phase = phase;
    this.endedAt = this.isAlive ? null : this.#place.iso(at);
    if (this.isAlive) this.ending = null;
    else this.ending ??= phase;
  }

  end(phase: SessionPhase, ending: string, at: number): void {
    this.#turn(phase, at);
    this.ending = ending;
  }

  sent(body: BoshBody, exchange: number, isRepeat: boolean): void {
    this.lastExchange = this.#place.exchangeId(exchange);
    this.requests += 1;
    if (isRepeat) {
      this.retransmissions += 1;
      return;
    }
    this.stanzasToServer += countStanzas(body);
    if (body.rid === null) return;
    this.rids += 1;
    this.firstRid ??= body.rid;
    this.lastRid = body.rid;
  }

  /** A repeated answer brings the same stanzas again: counted once per rid. */
  received(body: BoshBody, rid: number | null): void {
    if (body.empty) return;
    if (rid !== null) {
      if (this.#counted.includes(rid)) return;
      this.#counted.push(rid);
      if (this.#counted.length > rememberedRids) this.#counted.shift();
    }
    this.stanzasToClient += countStanzas(body);
  }

  gap(ms: number): void {
    this.lastThinkGapMs = ms;
    this.maxThinkGapMs = Math.max(ms, this.maxThinkGapMs ?? 0);
  }

  summary(): SessionSummary {
    return {
      id: this.id,
      transport: this.transport,
      host: this.host,
      port: this.port,
      sid: this.sid,
      jid: this.jid,
      agent: this.agent,
      phase: this.phase,
      joined: this.joined,
      client: this.client,
      granted: this.granted,
      startedAt: this.startedAt,
      endedAt: this.endedAt,
      ending: this.ending,
      requests: this.requests,
      rids: this.rids,
      firstRid: this.firstRid,
      lastRid: this.lastRid,
      stanzasToServer: this.stanzasToServer,
      stanzasToClient: this.stanzasToClient,
      retransmissions: this.retransmissions,
      failures: this.failures,
      pings: this.pings,
      open: this.open,
      openSince: this.openSince,
      quietSince: this.quietSince,
      lastThinkGapMs: this.lastThinkGapMs,
      maxThinkGapMs: this.maxThinkGapMs,
      firstExchange: this.firstExchange,
      lastExchange: this.lastExchange,
      previous: this.previous,
      failover: this.failover,
    };
  }
}

const stanzaNames = new Set(["message", "presence", "iq"]);

/** SASL and stream elements travel in bodies too, and are no stanzas. */
const countStanzas = (body: BoshBody): number =>
  body.stanzas.filter(({ local }) => stanzaNames.has(local)).length;
