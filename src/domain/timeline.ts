/** What belongs together: the sessions of an agent, their rhythm, and the marks their exchanges leave on a lane. Types only. */

export type SessionTransport = "bosh" | "websocket";

export type SessionPhase =
  | "creating"
  | "open"
  /** No request for longer than the inactivity limit, and none open. */
  | "silent"
  | "terminated"
  /** The server does not know it any more: by its 404, or by arithmetic. */
  | "expired"
  /** The same client made another without ending this one. */
  | "replaced";

/** Seconds, as granted by the server; null = not said, or its creation was not seen. */
export interface GrantedSummary {
  readonly wait: number | null;
  readonly hold: number | null;
  readonly requests: number | null;
  readonly inactivity: number | null;
  readonly polling: number | null;
  readonly maxpause: number | null;
  readonly ver: string | null;
}

export interface SessionSummary {
  /** `captureId-sN`; stays the same for the session's whole life, also before it has a sid. */
  readonly id: string;
  readonly transport: SessionTransport;
  readonly host: string;
  readonly port: number;
  readonly sid: string | null;
  readonly jid: string | null;
  readonly agent: string | null;
  readonly phase: SessionPhase;
  /** Its creation was not seen: agent, wait and sid are inferred. */
  readonly joined: boolean;
  readonly client: "jabberwerx" | "strophe" | "unknown";
  readonly granted: GrantedSummary;
  /** ISO time of its first request seen. */
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Why it ended, in the protocol's words (`terminate conflict`, `HTTP 404`, `close 1001`); null while it lives. */
  readonly ending: string | null;
  /** Requests of any kind (BOSH), or messages sent by the client (WebSocket). */
  readonly requests: number;
  /** Distinct rids seen; 0 for a WebSocket. */
  readonly rids: number;
  readonly firstRid: number | null;
  readonly lastRid: number | null;
  /** Top-level stanzas (message, presence, iq) by direction; one that a repeated answer brings again counts once. */
  readonly stanzasToServer: number;
  readonly stanzasToClient: number;
  readonly retransmissions: number;
  readonly failures: number;
  readonly pings: number;
  /** Requests without an answer now. */
  readonly open: number;
  /** ISO time since when the oldest of them waits. */
  readonly openSince: string | null;
  /** ISO time since when no request has been open; null while one is. */
  readonly quietSince: string | null;
  readonly lastThinkGapMs: number | null;
  readonly maxThinkGapMs: number | null;
  /** Ids of its first and latest exchange. */
  readonly firstExchange: string;
  readonly lastExchange: string;
  /** The session of the same agent that this one took over from, and whether that was on another node. */
  readonly previous: string | null;
  readonly failover: boolean;
}

/** The rhythm of SystemInfo towards one node. */
export interface HeartbeatSummary {
  readonly host: string;
  readonly port: number;
  readonly cadence: "unknown" | "normal" | "failover" | "phone-agent" | "irregular";
  readonly lastAt: string;
  readonly lastExchange: string;
  readonly beats: number;
  /** Distance of the latest two, ms. */
  readonly intervalMs: number | null;
  /** Largest distance from the cadence's period among the latest, ms. */
  readonly jitterMs: number | null;
  readonly missed: number;
  /** A beat is missing now. */
  readonly isMissing: boolean;
  /** IN_SERVICE, OUT_OF_SERVICE, …, or null when the last answer did not say. */
  readonly status: string | null;
  /** Server clock minus client clock, ms. */
  readonly driftMs: number | null;
  readonly roundTripMs: number | null;
}

export type StoryKind =
  | "session-started"
  | "session-joined"
  | "session-bound"
  | "session-ended"
  | "session-silent"
  | "session-expired"
  | "session-revived"
  | "reconnected"
  | "failover"
  | "poll-lost"
  | "poll-overdue"
  | "early-empty"
  | "invalid-sid"
  | "retransmission"
  | "authentication-failed"
  | "out-of-service"
  | "in-service"
  | "beat-missing"
  | "cadence-changed"
  | "state-changed"
  | "logged-out"
  | "invalid-xml-char";

/** One line of an agent's story, for the text twin of the lanes. */
export interface StoryEntry {
  readonly at: string;
  readonly kind: StoryKind;
  /** Node it happened on. */
  readonly host: string;
  readonly port: number;
  /** Id of the exchange that shows it. */
  readonly exchange: string;
  readonly session: string | null;
  /** Protocol words or a number with its unit: `fin1.demo.test → fin2.demo.test`, `READY → TALKING`. */
  readonly detail: string | null;
}

export interface AgentSummary {
  /** Login id, the JID's local part. */
  readonly agent: string;
  /** READY, NOT_READY, TALKING, … as last told; null = not told yet. */
  readonly state: string | null;
  /** The node its session is on. */
  readonly host: string | null;
  /** Ids of its sessions, latest first; the latest few. */
  readonly sessions: readonly string[];
  readonly heartbeats: readonly HeartbeatSummary[];
  /** Latest last; the latest few dozen. */
  readonly story: readonly StoryEntry[];
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** What tied its exchanges to it, strongest first. */
  readonly joinedBy: readonly ("jid" | "rest" | "sid" | "cookie" | "connection")[];
}

/** An exchange as a lane shows it. */
export interface LaneMark {
  /** The exchange's number; its id is `captureId-number`. */
  readonly number: number;
  readonly seq: number;
  readonly agent: string | null;
  readonly host: string;
  readonly port: number;
  readonly sid: string | null;
  readonly role: "poll" | "systeminfo" | "websocket" | "rest";
  /** Wall ms: first byte of the request, and when it was over; null while it waits. */
  readonly at: number;
  readonly end: number | null;
  /** Time the client let pass before it, ms. */
  readonly gapMs: number | null;
  readonly state: "pending" | "responded" | "failed";
  readonly status: number | null;
  readonly blame: string | null;
  readonly event: string | null;
  readonly notes: readonly string[];
  readonly faults: readonly string[];
  /** Of a WebSocket: its latest messages that say something, in order. A change brings only the last few. */
  readonly frames?: readonly LaneFrame[];
}

/** A WebSocket message as a lane shows it. */
export interface LaneFrame {
  readonly index: number;
  /** Wall ms. */
  readonly at: number;
  readonly from: "client" | "server";
  readonly event: string;
}
