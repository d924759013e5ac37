/** What goes over the wire between server and page. Types only: the page imports them and nothing else from here. */
import type { ComposedRequest } from "../domain/by-hand.ts";
import type { ConnectionRecord } from "../domain/connection.ts";
import type { ExchangeDetail, ExchangeSummary, WebSocketFrame } from "../domain/exchange.ts";
import type { ScenarioRunState } from "../domain/fault-desk.ts";
import type { FaultRule, FaultRuleState, HeldMessage } from "../domain/fault-rule.ts";
import type { Evidence, Finding } from "../domain/finding.ts";
import type { LogFact } from "../domain/log-fact.ts";
import type { Alignment, LogFileReport } from "../domain/log-report.ts";
import type { Alert, CaptureInfo, RecorderStatus, SetupState } from "../domain/recording.ts";
import type { AgentSummary, LaneMark, SessionSummary } from "../domain/timeline.ts";
import type { ProbeResult, VitalsSample } from "../domain/vitals.ts";
import type { XmppSessionInfo } from "../domain/xmpp-console.ts";

/** GET /api/health. */
export interface Health {
  readonly status: "ok" | "degraded";
  readonly version: string;
  readonly captureId: string;
  readonly uptimeMs: number;
  readonly exchanges: number;
  readonly pending: number;
  readonly openConnections: number;
  readonly loopLagMs: { readonly p50: number; readonly p99: number };
  readonly store: { readonly bytes: number; readonly state: "ok" | "failing" | "paused" };
  readonly notKept: number;
  readonly connectionErrors: Readonly<Record<string, number>>;
  /** What the page shows as banners; "keys-logged": TLS keys are being written to a file. */
  readonly alerts: readonly Alert["code"][];
}

export interface ApiError {
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string };
}

/** GET /api/exchanges. */
export interface ExchangeList {
  readonly exchanges: readonly ExchangeSummary[];
  readonly next: number;
  readonly more: boolean;
}

/** GET /api/exchanges/ID. */
export interface ExchangeAnswer extends ExchangeDetail {
  /** The connection it came in on; null when that row is gone, or belongs to an earlier capture. */
  readonly connectionRecord: ConnectionRecord | null;
}

/** GET /api/exchanges/ID/frames. `next` is the index to pass as `from`. */
export interface FrameList {
  readonly frames: readonly WebSocketFrame[];
  readonly next: number;
  readonly more: boolean;
}

/** GET /api/connections. */
export interface ConnectionList {
  readonly connections: readonly ConnectionRecord[];
  readonly next: number;
  readonly more: boolean;
}

/** GET /api/sessions: of the running capture, longest unused first. */
export interface SessionList {
  readonly sessions: readonly SessionSummary[];
}

/** GET /api/agents: of the running capture, by login id. */
export interface AgentList {
  readonly agents: readonly AgentSummary[];
}

/** GET /api/lanes?before=NUMBER&limit=N&agent=ID: latest first. `next` is the number to pass as `before`. */
export interface LaneMarkList {
  readonly captureId: string;
  readonly marks: readonly LaneMark[];
  readonly next: number;
  readonly more: boolean;
}

/** GET /api/vitals?from=MS&to=MS. */
export interface VitalsList {
  readonly samples: readonly VitalsSample[];
  readonly more: boolean;
}

/** GET /api/probes?from=MS&to=MS. `next` is what to pass as `after`. */
export interface ProbeList {
  readonly probes: readonly ProbeResult[];
  readonly next: number;
  readonly more: boolean;
}

/** GET /api/logs?agent=&from=MS&to=MS: lines on the capture's clock. `next` is what to pass as `after`. */
export interface LogList {
  readonly facts: readonly LogFact[];
  readonly next: number;
  readonly more: boolean;
}

/** GET /api/log-files: each with how its clocks were found. */
export interface LogFileList {
  readonly files: readonly (LogFileReport & { readonly alignments: readonly Alignment[] })[];
}

/** GET /api/captures. */
export interface CaptureList {
  readonly captures: readonly CaptureInfo[];
  readonly current: string;
}

/** POST /api/capture, the request. `name` is needed for "rename" and optional for "new". */
export interface CaptureCommand {
  readonly action: "pause" | "resume" | "new" | "rename";
  readonly name?: string;
}

/** POST /api/capture, the answer: what is true from now on. */
export interface CaptureState {
  readonly captureId: string;
  readonly captureName: string;
  readonly recording: boolean;
}

/** GET /api/setup: what the Setup screen ticks off, and what people must type into their browser. */
export interface SetupAnswer extends SetupState {
  readonly proxy: { readonly host: string; readonly port: number };
  readonly ca: { readonly subject: string; readonly fingerprint256: string };
  /** Hosts whose traffic goes to the proxy by /proxy.pac, besides ports 7443 and 8445 of any host. */
  readonly finesseHosts: readonly string[];
  readonly pacPath: string;
  readonly caPemPath: string;
  readonly caDerPath: string;
}

/** GET /api/config: what the page needs to explain itself. */
export interface PageConfig {
  readonly version: string;
  readonly proxy: { readonly host: string; readonly port: number };
  readonly page: { readonly host: string; readonly port: number };
  readonly caFingerprint256: string;
  readonly caSubject: string;
  readonly platform: string;
  readonly bodyLimit: number;
  readonly finesse: readonly string[];
  readonly decryptPorts: readonly number[];
  readonly serverCerts: "pin" | "strict" | "off";
  /** Protocol seconds in a real one: 1, but for a demo in a hurry. */
  readonly timeScale: number;
  readonly options: readonly {
    readonly name: string;
    readonly value: string;
    readonly origin: string;
  }[];
}

/** A finding in sentences of one language. `evidence` names exchanges; `details` says what each shows. */
export interface FindingView
  extends Omit<
    Finding,
    | "title"
    | "explanation"
    | "reasons"
    | "before"
    | "consequences"
    | "advice"
    | "wouldSettle"
    | "evidence"
    | "revisions"
  > {
  readonly title: string;
  readonly explanation: string;
  readonly reasons: readonly string[];
  readonly before: readonly string[];
  readonly consequences: readonly (Omit<Finding["consequences"][number], "what"> & {
    readonly what: string;
  })[];
  readonly advice: readonly string[];
  readonly wouldSettle: readonly string[];
  readonly evidence: readonly string[];
  readonly details: readonly (Omit<Evidence, "what"> & { readonly what: string })[];
  readonly revisions: readonly (Omit<Finding["revisions"][number], "why"> & {
    readonly why: string;
  })[];
}

/** GET /api/findings?lang=en|es: of the running capture, latest first. */
export interface FindingList {
  readonly findings: readonly FindingView[];
}

/** A rule, how it stands, and how it reads. */
export interface FaultRuleView extends FaultRuleState {
  readonly sentence: string;
}

/** GET /api/faults?lang=en|es, and in the feed whenever it changes. */
export interface FaultsState {
  readonly rules: readonly FaultRuleView[];
  readonly armed: number;
  readonly held: readonly HeldMessage[];
  /** Latest first. */
  readonly runs: readonly ScenarioRun[];
}

/**
 * POST /api/faults (new: no id), PUT /api/faults/ID, each answered by the rule. `arm`: at once; left out = as it was. Also POST
 * /api/faults/ID/arm and /disarm, GET /api/faults/export, POST /api/faults/import (a list of rules), POST /api/panic.
 */
export type FaultRuleInput = Omit<FaultRule, "id"> & {
  readonly id?: string;
  readonly arm?: boolean;
};

/** GET /api/breakpoints. */
export interface HeldList {
  readonly held: readonly HeldMessage[];
}

/** POST /api/breakpoints/ID. Head and body left out = as they came. */
export interface BreakpointCommand {
  readonly action: "release" | "drop";
  readonly head?: string;
  readonly body?: string;
}

/** GET /api/scenarios?lang=en|es. */
export interface ScenarioCard {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What the agent will see, and when. */
  readonly expected: readonly string[];
  /** Cause of the failure catalogue that it plays. */
  readonly cause: string;
  /** What must be named to run it. */
  readonly needs: "agent" | "host";
  /** The desktops it can do something to. */
  readonly clients: readonly ("jabberwerx" | "strophe" | "websocket")[];
  /** How long it stays armed, ms. */
  readonly lastsMs: number;
}
export interface ScenarioList {
  readonly scenarios: readonly ScenarioCard[];
}

/** POST /api/scenarios/NAME/run. */
export interface ScenarioRunInput {
  readonly agent?: string;
  readonly host?: string;
}

/** Expected (written before from the protocol's facts) against observed (by the desktop's own log, never the proxy's). POST answers it. */
export interface ScenarioRun extends Omit<ScenarioRunState, "steps"> {
  /** Every step was seen when it should; null = it still runs, touched nothing, or nobody told what the desktop saw. */
  readonly asExpected: boolean | null;
  readonly steps: readonly {
    readonly what: string;
    /** ms of protocol time after `triggeredAt`: the earliest and latest moment it should be seen. */
    readonly expectedMs: readonly [number, number];
    readonly observedMs: number | null;
    /** "maybe": it may stay away. "never": it must. */
    readonly certainty: "sure" | "maybe" | "never";
    /** "absent": it stayed away, as it may or must. "unwanted": it came although it must not. */
    readonly verdict: "waiting" | "missing" | "in-time" | "early" | "late" | "absent" | "unwanted";
  }[];
}

/**
 * POST /api/replay. `times` requests one after the other; head or body replace what was recorded. http-bind to a live server is refused unless
 * `force`, or with `ownSession`: in a session of its own, signed in as recorded and ended afterwards.
 */
export interface ReplayInput {
  readonly exchange: string;
  readonly times?: number;
  readonly head?: string;
  readonly body?: string;
  readonly force?: boolean;
  readonly ownSession?: boolean;
}

/** POST /api/compose: a request that nobody sent before. The answer is that of a replay. */
export type ComposeInput = Partial<ComposedRequest> & Pick<ComposedRequest, "url">;

/** POST /api/replay, the answer: the exchanges it made, which carry the note "replayed". */
export interface ReplayAnswer {
  readonly exchanges: readonly string[];
}

/** An agent as the feed tells it; without its story when that is as it was told before. */
export type AgentChange = Omit<AgentSummary, "story"> & Partial<Pick<AgentSummary, "story">>;

/**
 * WS /api/feed?since=SEQ&q=QUERY&epoch=EPOCH&lanes=1&lang=en. First `hello`, then the rest in any order; of two states of a row the one with
 * the higher seq is right. `since` resumes: every row changed after it is sent in its last state, and rows deleted meanwhile
 * come as `gone`. `epoch` is the one of the last `hello` or `resync`: when the capture was cleared or replaced while the page
 * was away, a resync says so. After a resync the same socket goes on; load with GET /api/exchanges once it has arrived.
 */
export type FeedMessage =
  | {
      readonly kind: "hello";
      readonly captureId: string;
      readonly epoch: string;
      readonly seq: number;
      readonly now: string;
      readonly status: RecorderStatus;
    }
  /** Rows new or changed since the last message, in seq order; `gone` no longer match the filter or were deleted. */
  | {
      readonly kind: "rows";
      readonly seq: number;
      readonly rows: readonly ExchangeSummary[];
      readonly gone: readonly string[];
    }
  | {
      readonly kind: "status";
      readonly now: string;
      readonly status: RecorderStatus;
      readonly loopLagMs: { readonly p50: number; readonly p99: number };
    }
  /** Forget everything and load again: you were too slow, the capture changed, or it was cleared. */
  | {
      readonly kind: "resync";
      readonly reason: "slow" | "capture" | "cleared" | "gone";
      readonly epoch: string;
    }
  /** Only with `lanes=1`: sessions and agents that changed (after hello: all), whatever the filter. At most 4 a second. */
  | {
      readonly kind: "timeline";
      readonly captureId: string;
      readonly sessions: readonly SessionSummary[];
      readonly agents: readonly AgentChange[];
    }
  /** Only with `lanes=1`: marks of exchanges new or changed, whatever the filter. Of two of a number the one with the higher seq is right. */
  | { readonly kind: "marks"; readonly seq: number; readonly marks: readonly LaneMark[] }
  /** Only with `lang`: findings new or revised (after hello: all). */
  | {
      readonly kind: "findings";
      readonly captureId: string;
      readonly findings: readonly FindingView[];
    }
  /** Only with `lang`: fault rules as they stand, whenever that changes (and after hello). */
  | { readonly kind: "faults"; readonly faults: FaultsState }
  /** The filter can't be read; the one before it stays in force. */
  | { readonly kind: "query-error"; readonly message: string; readonly remedy: string };

/** What the page may send on the feed. `since`: what the page already has for that filter; 0 = send all rows that match. */
export type FeedRequest = { readonly kind: "filter"; readonly q: string; readonly since: number };

/** GET /api/xmpp/sessions. */
export interface XmppSessionList {
  readonly sessions: readonly XmppSessionInfo[];
}

/** What an export replaces and leaves. */
export interface ExportReport {
  readonly exchanges: number;
  /** By kind of pseudonym: agent, number, person, value, sid, host. */
  readonly replaced: Readonly<
    Record<string, { readonly distinct: number; readonly replaced: number }>
  >;
  /** Passwords, tokens and cookies. */
  readonly secrets: "at-capture" | "at-export" | "kept";
  /** Their markers: how many different ones, and in how many places. */
  readonly secretMarkers: { readonly distinct: number; readonly replaced: number };
  /** Bodies left out, as they can't be rewritten and mention somebody. */
  readonly droppedBodies: number;
  /** Exchanges with text that people wrote: comments, client logs. */
  readonly freeTexts: number;
  readonly hostsKept: number;
  readonly addressesKept: number;
}

/** A file that was taken in; its exchanges are at /api/exchanges?capture=. */
export interface ImportAnswer {
  readonly captureId: string;
  readonly name: string;
  readonly format: string;
  /** Program that wrote it. */
  readonly maker: string;
  /** It ended in the middle; what was whole before was taken. */
  readonly isCut: boolean;
  readonly exchanges: number;
  readonly pending: number;
  readonly failed: number;
  readonly sessions: number;
  readonly agents: number;
  /** How many; they are at /api/findings?capture=. */
  readonly findings: number;
  /** Of a packet capture: connections decrypted, in the clear, not decrypted, of HTTP/2 (not read), and seen on both sides of a proxy; else null. */
  readonly packets: {
    readonly http: number;
    readonly plain: number;
    readonly sealed: number;
    readonly http2: number;
    readonly twins: number;
  } | null;
  readonly from: string | null;
  readonly to: string | null;
}
