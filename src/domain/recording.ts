/** What the recorder writes and the reader gives back. Implemented by `store`; known to `capture` and `server` by these types alone. */
import type { ConnectionRecord } from "./connection.ts";
import type { ExchangeDetail, ExchangeSummary, RelatedExchange } from "./exchange.ts";
import type { Finding } from "./finding.ts";
import type { AgentSummary, SessionSummary } from "./timeline.ts";
import type { VitalsSample } from "./vitals.ts";

/** A message as kept: secrets already replaced, body decoded if that was possible. */
export interface StoredMessage {
  /** Head through the empty line, latin1, secrets replaced. */
  readonly head: string;
  /** Trailer lines, latin1, or "". */
  readonly trailers: string;
  readonly body: Uint8Array | null;
  /** Entity bytes on the wire. */
  readonly wireLength: number;
  readonly encoding: string | null;
  readonly decoded: boolean;
  readonly cut: boolean;
  readonly hash: string | null;
}

/** Summary fields that the store computes itself or that name the row. */
type Assigned = "id" | "captureId" | "seq" | "at" | "comment" | "mark";

export interface StoredExchange extends Omit<ExchangeSummary, Assigned> {
  /** Wall ms of the request's first byte (fractional part kept). */
  readonly atWall: number;
  /** Wall ms when the last request byte was sent to the server; ages of pending polls count from here. */
  readonly sentWall: number | null;
  /** null on a later save = unchanged (bodies are written once, when whole). */
  readonly request: StoredMessage | null;
  readonly response: StoredMessage | null;
  readonly informational: readonly string[];
}

export interface StoredFrame {
  readonly exchange: number;
  readonly index: number;
  readonly atWall: number;
  readonly from: "client" | "server";
  readonly opcode: number;
  readonly final: boolean;
  readonly length: number;
  readonly body: Uint8Array | null;
  readonly cut: boolean;
  /** What it says in a few words, or null. */
  readonly event: string | null;
}

/** What was observed beside the traffic. */
export interface StoredObservation {
  /** A block of vitals samples; a probe's result; a log file's report; one line of it. */
  readonly kind: ObservationKind;
  /** Wall ms by the capture's clock; null = not known. */
  readonly first: number | null;
  readonly last: number | null;
  readonly agent: string | null;
  /** Name of the log file it is from, or null. */
  readonly file: string | null;
  /** JSON text. */
  readonly data: string;
}

export type ObservationKind = "vitals" | "probe" | "log-file" | "log";

export interface ObservationQuery {
  readonly kind: ObservationKind;
  /** Those that overlap this time; both ends may be left open. With either, those whose time is not known are left out. */
  readonly from?: number;
  readonly to?: number;
  /** Of this agent, and of none. */
  readonly agent?: string;
  readonly limit: number;
  /** Those after it, as told by the page before. */
  readonly after?: number;
  /** Default: the current capture. */
  readonly captureId?: string;
}

export interface ObservationPage {
  /** JSON text of an array of their data, by time. */
  readonly rows: string;
  readonly count: number;
  /** Pass as `after` to get the next page. */
  readonly next: number;
  readonly more: boolean;
}

export type StoredConnection = Omit<ConnectionRecord, "captureId" | "seq">;

export interface CaptureInfo {
  readonly id: string;
  readonly name: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly exchanges: number;
  readonly secretsKept: boolean;
}

/** The writing side: one per data folder, in the recorder's thread. Throws BoshscopeError "store-failed" when the disk refuses. */
export interface CaptureWriter {
  readonly captureId: string;
  /** Saves all in one transaction, gives each row its seq, and returns the last seq once it is committed. */
  commit(batch: CommitBatch): number;
  /** Seq of the last commit. */
  readonly seq: number;
  startCapture(name: string): CaptureInfo;
  renameCapture(id: string, name: string): void;
  /** Adds what became known after rows of the current capture were saved; returns the last seq. */
  amend(amendments: readonly Amendment[]): number;
  /** Saves what was observed beside the traffic. `replaces`: observations of these log files go first. */
  observe(observations: readonly StoredObservation[], replaces?: readonly string[]): void;
  /** One of an id that is there is replaced. The minutes around each are kept for good. */
  saveFindings(findings: readonly Finding[]): void;
  /** Saves samples that follow each other. */
  saveVitals(samples: readonly VitalsSample[]): void;
  /** Names the program behind rows of the current capture that were saved before it was known. */
  setClientProcess(numbers: readonly number[], name: string): number;
  setComment(id: string, comment: string | null): number;
  setMark(id: string, mark: string | null): number;
  /** Hides all rows of the capture; `undoClear` brings them back until the next commit of a clear or a restart. */
  clear(): number;
  undoClear(): number;
  deleteExchanges(ids: readonly string[]): number;
  /** Drops the oldest rows over the bounds (marked rows and open ones stay); returns how many. Called by the recorder now and then. */
  prune(bounds: {
    readonly maxBytes: number;
    readonly maxAgeMs: number;
    readonly nowWall: number;
  }): number;
  bytes(): number;
  close(): void;
}

/** What became known about a saved row. */
export type Amendment =
  /** Whose it is; a row that has an agent keeps it. */
  | { readonly number: number; readonly agent: string }
  | { readonly number: number; readonly related: RelatedExchange };

export interface CommitBatch {
  readonly exchanges: readonly StoredExchange[];
  readonly connections: readonly StoredConnection[];
  readonly frames: readonly StoredFrame[];
}

export interface ExchangePage {
  /** JSON text of an array of ExchangeSummary: ready to send, never parsed on the way. */
  readonly rows: string;
  readonly count: number;
  /** Pass as `since` (or `before`) to get the next page. */
  readonly next: number;
  readonly more: boolean;
}

export interface LaneQuery {
  /** Marks of exchanges whose number is below it, latest first. */
  readonly before?: number;
  readonly limit: number;
  /** Of this agent alone. */
  readonly agent?: string;
}

export interface LanePage {
  /** JSON text of an array of LaneMark. */
  readonly marks: string;
  readonly count: number;
  /** Pass as `before` to get the next page. */
  readonly next: number;
  readonly more: boolean;
}

export interface ExchangeQuery {
  /** Rows whose seq is above it, ascending by seq. */
  readonly since?: number;
  /** Rows up to this seq only. */
  readonly upTo?: number;
  /** Rows whose number is below it, descending by number. Excludes `since`. */
  readonly before?: number;
  readonly limit: number;
  /** The filter language; "" = all. Throws BoshscopeError "query-invalid". */
  readonly query?: string;
  /** Default: the current capture. */
  readonly captureId?: string;
  /** Names who asks (one page's list, say): a newer query of the same purpose stops this one with "query-stopped". */
  readonly purpose?: string;
}

/** The reading side, in a thread of its own, so that a long search never makes traffic wait. */
export interface CaptureReader {
  exchanges(query: ExchangeQuery): Promise<ExchangePage>;
  /** Of rows changed after `since` up to `upTo`: which match now (JSON of summaries) and which do not (ids). Also re-tests open rows whose age matters. */
  changes(query: {
    readonly since: number;
    readonly upTo: number;
    readonly query: string;
  }): Promise<{ readonly rows: string; readonly gone: readonly string[] }>;
  /** Of the current capture. */
  lanes(query: LaneQuery): Promise<LanePage>;
  exchange(id: string): Promise<ExchangeDetail | null>;
  body(
    id: string,
    side: "request" | "response",
  ): Promise<{ readonly bytes: Uint8Array; readonly contentType: string | null } | null>;
  /** `whole`: binary messages with all their bytes as `hex`, not just the first. */
  frames(
    id: string,
    from: number,
    limit: number,
    whole?: boolean,
  ): Promise<ExchangeDetail["frames"]>;
  connections(options: {
    readonly since?: number;
    readonly limit: number;
  }): Promise<readonly ConnectionRecord[]>;
  /** Of the current capture, or of the one named. */
  connection(id: number, captureId?: string): Promise<ConnectionRecord | null>;
  captures(): Promise<readonly CaptureInfo[]>;
  /** As they were told last, oldest first. */
  storedFindings(captureId?: string): Promise<readonly Finding[]>;
  /** Vitals are packed there: ask for them by `vitals`. */
  observations(query: ObservationQuery): Promise<ObservationPage>;
  /** By time, of the current capture: at most so many, beginning at `from`. */
  vitals(query: {
    readonly from?: number;
    readonly to?: number;
    readonly limit: number;
  }): Promise<{ readonly samples: readonly VitalsSample[]; readonly more: boolean }>;
  totals(): Promise<{
    readonly exchanges: number;
    readonly pending: number;
    readonly bytes: number;
  }>;
  close(): Promise<void>;
}

/** One committed batch, as it goes to the feed. */
export interface Committed {
  readonly seq: number;
  /** JSON text of an array of ExchangeSummary, in seq order; "" when nobody listens. */
  readonly rows: string;
  readonly count: number;
  /** JSON text of an array of LaneMark, in seq order; "" when nobody listens. */
  readonly marks: string;
}

/** Sessions and agents, all or those that changed. */
export interface Timeline {
  readonly sessions: readonly SessionSummary[];
  readonly agents: readonly AgentSummary[];
}

/** What is not kept any more, or went wrong in the recorder; shown as a banner until it is over. */
export interface Alert {
  readonly code:
    | "store-failed"
    | "recorder-behind"
    | "undecrypted-7443"
    | "certificate-changed"
    | "secrets-kept"
    | "keys-logged"
    | "recording-paused"
    | "recorder-stopped"
    /** A file is looked at: nothing is recorded, and nothing can be changed. */
    | "file-viewed";
  readonly since: string;
  /** How many exchanges (or bytes, for undecrypted-7443) it concerns so far. */
  readonly count: number;
  readonly detail: string;
}

/** Per host:port, for the Setup screen's ticks. */
export interface EndpointTrust {
  readonly host: string;
  readonly port: number;
  readonly state: "trusted" | "rejected" | "seen" | "tunnel";
  readonly alert: number | null;
  readonly at: string;
}

export interface SetupState {
  /** ISO time of the first client connection, or null. */
  readonly proxySeen: string | null;
  readonly endpoints: readonly EndpointTrust[];
  readonly httpBindSeen: string | null;
}

export interface RecorderStatus {
  readonly captureId: string;
  readonly captureName: string;
  readonly recording: boolean;
  readonly pending: number;
  readonly exchanges: number;
  readonly openConnections: number;
  readonly bytes: number;
  readonly notKept: number;
  readonly connectionErrors: Readonly<Record<string, number>>;
  readonly alerts: readonly Alert[];
  readonly setup: SetupState;
  /** Seq of the last commit. Left out = not known yet; a resuming feed then can't be told that its seq is too high. */
  readonly seq?: number;
}

/** `head`: latin1 text through the empty line, but for the markers of secrets. `body`: decoded text. */
export interface PlainMessage {
  readonly head: string;
  readonly body: string;
}

/** A message that is to be shown. `path`: the request's target, by which a body is read. */
export interface ShownMessage extends PlainMessage {
  readonly path: string;
  readonly contentType: string | null;
  readonly side: "request" | "response";
}

/** The recorder, as the server sees it: commands go to its thread, facts come back. */
export interface Recorder {
  status(): RecorderStatus;
  pause(): Promise<void>;
  resume(): Promise<void>;
  startCapture(name: string): Promise<CaptureInfo>;
  renameCapture(id: string, name: string): Promise<void>;
  clear(): Promise<void>;
  undoClear(): Promise<void>;
  setComment(id: string, comment: string | null): Promise<void>;
  setMark(id: string, mark: string | null): Promise<void>;
  deleteExchanges(ids: readonly string[]): Promise<void>;
  /** Keeps what was observed beside the traffic; `replaces`: observations of these log files go first. */
  observe(observations: readonly StoredObservation[], replaces: readonly string[]): Promise<void>;
  /** Replaces secrets as for storing. A body that can't be read comes back empty. */
  conceal(message: ShownMessage): Promise<PlainMessage>;
  /** Puts the secrets back, for sending; null = one is not known any more. The answer is never to be stored, logged or shown. */
  reveal(message: PlainMessage): Promise<PlainMessage | null>;
  /** Called after each commit. `rows` is filled only while somebody is subscribed. Returns the way to stop. */
  onCommitted(listener: (committed: Committed) => void): () => void;
  /** Sessions and agents of the running capture. */
  timeline(): Timeline;
  /** Called with those that changed, at most 4 times a second. */
  onTimeline(listener: (changed: Timeline) => void): () => void;
  /** Findings of the running capture, oldest first. */
  findings(): readonly Finding[];
  /** Called with those that are new or revised, at most 4 times a second. */
  onFindings(listener: (changed: readonly Finding[]) => void): () => void;
  /** Called when status changes in a way people should see (at most 4 times a second). */
  onStatus(listener: (status: RecorderStatus) => void): () => void;
}
