/**
 * Folds capture events into exchanges and connections and saves them. It runs in the recorder's thread: secrets are replaced here, before
 * anything is stored, logged or shown. It owns no timer and no thread; its caller passes the time and decides when to save.
 */
import { defaultBodyLimit } from "../base/limits.ts";
import type { CaptureEvent } from "../domain/capture-event.ts";
import type { RelatedExchange } from "../domain/exchange.ts";
import type {
  Amendment,
  CaptureWriter,
  CommitBatch,
  SetupState,
  StoredExchange,
  StoredMessage,
  Timeline,
} from "../domain/recording.ts";
import { redactFreeText } from "../redact/free-text.ts";
import type { Redactor } from "../redact/redactor.ts";
import { ConnectionBook } from "./connection-book.ts";
import { type ContinuingEvent, describeAnswer, ExchangeFold } from "./exchange-fold.ts";
import { type KeepContext, keepMessage } from "./keep-message.ts";
import { Meaning } from "./meaning.ts";
import { OpenExchange } from "./open-exchange.ts";
import { SetupBook } from "./setup-book.ts";
import type { Naming } from "./timelines/timelines.ts";

export interface RecordingOptions {
  readonly writer: Pick<CaptureWriter, "commit" | "seq" | "captureId" | "amend">;
  readonly redactor: Redactor;
  readonly hash: (bytes: Uint8Array) => string;
  readonly bodyLimit?: number;
  readonly keepSecrets: boolean;
  /** Protocol seconds in a real one; 1 unless a simulator is in a hurry. */
  readonly timeScale?: number;
  /** Told of what has just been committed. */
  readonly onSaved?: (batch: CommitBatch) => void;
  /** Asks who owns the client's port; the answer may come later, or never. */
  readonly askProcess?: (connection: number, port: number) => void;
  /** How heads are read; default: as latin1. */
  readonly headText?: (bytes: Uint8Array) => string;
}

/** An exchange answered faster than this is written once, with its answer; a slower one is on disk while it waits. */
export const pendingAfterMs = 20;

/** Rows of one connection that may be named after the fact; a lookup takes about a second. */
const maxUnnamed = 500;

export class Recording {
  readonly #options: RecordingOptions;
  readonly #open = new Map<number, OpenExchange>();
  readonly #dirty = new Set<OpenExchange>();
  readonly #fold: ExchangeFold;
  readonly #meaning: Meaning;
  /** What became known of rows already saved. */
  #amendments: Amendment[] = [];
  /** WebSockets, and failed exchanges that an answer may still revive, by connection. */
  readonly #living = new Map<number, Set<OpenExchange>>();
  readonly #setup = new SetupBook();
  readonly connections = new ConnectionBook();
  #wallOffset = 0;
  recording = true;
  /** Exchanges seen (saved or to be saved) since start or clear. */
  exchanges = 0;
  /** Bytes that crossed blind tunnels to Finesse's notification port: the article's classic mistake. */
  undecrypted = { bytes: 0, hosts: new Set<string>() };

  constructor(options: RecordingOptions) {
    this.#options = options;
    const { hash, writer } = options;
    this.#meaning = new Meaning({
      hash,
      ledger: {
        open: (number) => this.#open.get(number),
        touch: (exchange) => this.#dirty.add(exchange),
        relate: (number, related) => this.#relate(number, related),
      },
      place: {
        exchangeId: (number) => `${writer.captureId}-${number}`,
        sessionId: (ordinal) => `${writer.captureId}-s${ordinal}`,
        iso: this.#isoOf,
        timeScale: options.timeScale ?? 1,
      },
    });
    this.#fold = new ExchangeFold({ ...options, meaning: this.#meaning });
  }

  get pending(): number {
    return this.#open.size;
  }

  /** Exchanges with changes that are not on disk. */
  get unsaved(): number {
    return this.#dirty.size;
  }

  /** Lets time pass for what is told by its absence: overdue polls, silent sessions, missing heartbeats. */
  tick(mono: number): void {
    this.#meaning.tick(mono);
  }

  /** Sessions and agents changed since the last call; null when none. */
  takeTimeline(): Timeline | null {
    return this.#meaning.takeChanges();
  }

  #relate(number: number, related: RelatedExchange): void {
    const exchange = this.#open.get(number);
    if (exchange === undefined) {
      this.#amendments.push({ number, related });
      return;
    }
    exchange.relate(related);
    this.#dirty.add(exchange);
  }

  #name({ numbers, agent }: Naming): void {
    for (const number of numbers) {
      const exchange = this.#open.get(number);
      if (exchange === undefined) this.#amendments.push({ number, agent });
      else if (exchange.agent === null) {
        exchange.agent = agent;
        this.#dirty.add(exchange);
      }
    }
  }

  setup(): SetupState {
    return this.#setup.state();
  }

  /** Add to a monotonic mark for wall ms; comes with each batch, as the wall clock may be set. */
  setWallOffset(offset: number): void {
    this.#wallOffset = offset;
  }

  observe(event: CaptureEvent): void {
    const connection = this.connections.observe(event, this.#isoOf);
    if (event.kind.startsWith("connection-")) this.#setup.observe(event, connection, this.#isoOf);
    if (event.kind === "connection-opened")
      this.#options.askProcess?.(event.connection, event.port);
    if (event.kind === "connection-ended") this.#connectionEnded(event.connection, event.at);
    if (event.kind === "unparsed") this.#unparsed(event);
    else if (event.kind === "request-head") this.#requestHead(event);
    else if (event.kind === "tunnel-opened") this.#tunnel(event);
    else if ("exchange" in event) this.#continue(event);
    else if (event.kind === "connection-facts" && connection?.mode === "tunnel")
      this.#countUndecrypted(connection);
  }

  readonly #isoOf = (mono: number): string => new Date(mono + this.#wallOffset).toISOString();

  #countUndecrypted(connection: {
    host: string | null;
    port: number | null;
    bytes: { toServer: number; toClient: number };
  }): void {
    if (connection.port !== 7443 || connection.bytes.toClient === 0) return;
    this.undecrypted.bytes += connection.bytes.toServer + connection.bytes.toClient;
    this.undecrypted.hosts.add(connection.host ?? "");
  }

  #tunnel(event: Extract<CaptureEvent, { kind: "tunnel-opened" }>): void {
    if (!this.recording) return;
    const exchange = this.#add(
      event.exchange,
      event.connection,
      { host: event.host, port: event.port, secure: false },
      event.at,
    );
    if (event.imported !== undefined) exchange.notes.add("imported");
    exchange.kind = "tunnel";
    exchange.role = "tunnel";
    exchange.method = "CONNECT";
    exchange.httpVersion = "1.1";
    exchange.status = 200;
    exchange.reason = "Connection Established";
    exchange.sentAt = event.at;
  }

  #requestHead(event: Extract<CaptureEvent, { kind: "request-head" }>): void {
    const connection = this.connections.get(event.connection);
    if (connection !== undefined) {
      connection.exchanges++;
      if (connection.client.process === null && connection.unnamed.length < maxUnnamed)
        connection.unnamed.push(event.exchange);
      this.#setup.sawRequest(connection, event.at, this.#isoOf);
    }
    if (!this.recording) return;
    const { host, port, secure } = event;
    const exchange = this.#add(event.exchange, event.connection, { host, port, secure }, event.at);
    this.#fold.requestHead(exchange, event);
    if (event.imported !== undefined) exchange.notes.add("imported");
    if (this.#options.keepSecrets) exchange.notes.add("secrets-kept");
    if (connection !== undefined) {
      exchange.connectedAt = markOf(connection.openedAt, connection.timing.serverConnected);
      exchange.tlsAt = markOf(connection.openedAt, connection.timing.serverTls);
      if (connection.exchanges === 1) exchange.connectingMs = event.at - connection.openedAt;
    }
    if (exchange.role === "poll") this.#setup.sawPoll(event.at, this.#isoOf);
  }

  #add(
    number: number,
    connection: number,
    target: { host: string; port: number; secure: boolean },
    at: number,
  ): OpenExchange {
    const exchange = new OpenExchange(number, connection, target, {
      mono: at,
      wall: at + this.#wallOffset,
    });
    exchange.clientOf = this.connections.get(connection) ?? exchange.clientOf;
    this.#open.set(number, exchange);
    this.#dirty.add(exchange);
    this.exchanges++;
    return exchange;
  }

  #unparsed(event: Extract<CaptureEvent, { kind: "unparsed" }>): void {
    const exchange = event.exchange === null ? undefined : this.#open.get(event.exchange);
    if (exchange === undefined) return;
    exchange.notes.add("unparsed");
    this.#dirty.add(exchange);
  }

  #continue(event: ContinuingEvent): void {
    const exchange = this.#open.get(event.exchange);
    if (exchange === undefined) return;
    this.#dirty.add(exchange);
    this.#fold.apply(exchange, event, this.#wallOffset);
    const isLasting = event.kind === "exchange-failed" || event.kind === "fault-applied";
    if (isLasting || exchange.kind === "websocket") this.#livesWithConnection(exchange);
  }

  /**
   * Saves what has changed: finished exchanges, and those that have waited `pendingAfterMs`. Returns how many exchanges were saved.
   * Throws "store-failed" when the disk refuses; the same rows are tried again by the next call.
   */
  save(mono: number): number {
    for (const naming of this.#meaning.takeNamings()) this.#name(naming);
    const saved = this.#saveDue(mono);
    if (this.#amendments.length > 0) {
      this.#options.writer.amend(this.#amendments);
      this.#amendments = [];
    }
    return saved;
  }

  #saveDue(mono: number): number {
    const due = [...this.#dirty].filter(
      (exchange) => exchange.saved || isFinished(exchange) || mono - exchange.at >= pendingAfterMs,
    );
    const batch: CommitBatch = {
      exchanges: due.map((exchange) => this.#row(exchange)),
      connections: this.connections.takeDirty(),
      frames: this.#fold.frames.splice(0),
    };
    if (batch.exchanges.length + batch.connections.length + batch.frames.length === 0) return 0;
    try {
      this.#options.writer.commit(batch);
    } catch (error) {
      this.connections.putBack(batch.connections);
      this.#fold.frames.unshift(...batch.frames);
      throw error;
    }
    for (const exchange of due) this.#afterSave(exchange);
    this.#options.onSaved?.(batch);
    return due.length;
  }

  /** Lets go of the oldest finished rows the disk would not take, so that memory stays bounded; returns how many. */
  shed(most: number): number {
    let shed = 0;
    for (const exchange of this.#dirty) {
      if (this.#dirty.size <= most) break;
      if (!isFinished(exchange)) continue;
      this.#dirty.delete(exchange);
      this.#forget(exchange);
      shed++;
    }
    this.#fold.frames.splice(0, Math.max(0, this.#fold.frames.length - most));
    return shed;
  }

  #afterSave(exchange: OpenExchange): void {
    this.#dirty.delete(exchange);
    exchange.saved = true;
    exchange.requestSaved ||= exchange.isRequestWhole;
    exchange.responseSaved ||= exchange.response.endAt !== null;
    if (isFinished(exchange) && !this.#mayRevive(exchange)) this.#forget(exchange);
  }

  /** A failed one is followed while its connection lives: after a half-close its answer may still come. */
  #mayRevive(exchange: OpenExchange): boolean {
    return (
      exchange.failure?.cause === "closed-early" &&
      this.connections.get(exchange.connection) !== undefined
    );
  }

  #forget(exchange: OpenExchange): void {
    this.#open.delete(exchange.number);
    this.#fold.forget(exchange.number);
    const living = this.#living.get(exchange.connection);
    living?.delete(exchange);
    if (living?.size === 0) this.#living.delete(exchange.connection);
  }

  /** Marks an exchange as one that ends with its connection. */
  #livesWithConnection(exchange: OpenExchange): void {
    const living = this.#living.get(exchange.connection) ?? new Set();
    living.add(exchange);
    this.#living.set(exchange.connection, living);
  }

  #connectionEnded(connection: number, at: number): void {
    this.#meaning.connectionEnded(connection, this.#living.get(connection) ?? [], at);
    for (const exchange of this.#living.get(connection) ?? []) {
      exchange.isClosed = true;
      if (exchange.saved && exchange.failure !== null && !this.#dirty.has(exchange))
        this.#forget(exchange);
      else this.#dirty.add(exchange);
    }
  }

  #row(exchange: OpenExchange): StoredExchange {
    const isOver = isFinished(exchange);
    const { request, response } = exchange;
    const wantsRequest = !exchange.requestSaved && !request.isEmpty;
    const wantsResponse =
      !exchange.responseSaved && !response.isEmpty && (response.endAt !== null || isOver);
    const messages = {
      request: wantsRequest
        ? keepMessage(request.raw(), this.#context(exchange, "request"), exchange.notes)
        : null,
      response: wantsResponse
        ? keepMessage(response.raw(), this.#context(exchange, "response"), exchange.notes)
        : null,
    };
    this.#describeAnswer(exchange, messages.response);
    this.#cleanFailure(exchange);
    // After the heads: what they taught about secrets goes for the URL too.
    const url = this.#options.redactor.url(exchange.rawPath);
    exchange.path = url.text;
    if (url.replaced) exchange.notes.add("secrets-replaced");
    return exchange.toStored(messages);
  }

  /** An answer's head is kept with the whole answer; its row says earlier what came. */
  #describeAnswer(exchange: OpenExchange, kept: StoredMessage | null): void {
    const { head } = exchange.response;
    if (head === "" || exchange.responseSaved) return;
    describeAnswer(exchange, kept?.head ?? this.#options.redactor.head(head).text);
  }

  /** A tool's own words for a failure may quote what was sent. */
  #cleanFailure(exchange: OpenExchange): void {
    if (exchange.failure === null) return;
    const detail = redactFreeText(exchange.failure.detail, this.#options.redactor);
    exchange.failure = { ...exchange.failure, detail };
  }

  #context(exchange: OpenExchange, side: "request" | "response"): KeepContext {
    const { redactor, hash, keepSecrets, bodyLimit = defaultBodyLimit } = this.#options;
    return { redactor, hash, keepSecrets, bodyLimit, path: exchange.rawPath, side };
  }
}

/** A tunnel or WebSocket lives until its connection does. */
function isFinished(exchange: OpenExchange): boolean {
  if (exchange.failure !== null) return true;
  if (exchange.kind !== "http") return exchange.isClosed;
  // A rule may keep an answer from the client long after the server gave it.
  const isKept = exchange.faults.size > 0 && exchange.deliveredAt === null && !exchange.isClosed;
  return exchange.response.endAt !== null && exchange.isRequestWhole && !isKept;
}

const markOf = (openedAt: number, sinceOpened: number | null): number | null =>
  sinceOpened === null ? null : openedAt + sinceOpened;
