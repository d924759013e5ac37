/** An exchange that is still under way: what has been seen of it so far, and its row for the store at any moment. */

import type { ImportedMessage } from "../domain/capture-event.ts";
import type {
  Blame,
  ExchangeKind,
  ExchangeNote,
  ExchangeRole,
  FailureCause,
  FailurePhase,
  Outcome,
  RelatedExchange,
  Sizes,
  Timing,
} from "../domain/exchange.ts";
import type { StoredExchange, StoredMessage } from "../domain/recording.ts";
import { decode } from "./content-coding.ts";
import { headerOf, type RawMessage } from "./keep-message.ts";

export interface Failure {
  readonly phase: FailurePhase;
  readonly cause: FailureCause;
  readonly blame: Blame;
  readonly alert: number | null;
  readonly detail: string;
}

/** One direction as it comes in. */
export class IncomingMessage {
  head = "";
  trailers = "";
  readonly chunks: Buffer[] = [];
  kept = 0;
  wireLength = 0;
  firstAt: number | null = null;
  endAt: number | null = null;
  imported: ImportedMessage | null = null;

  get isEmpty(): boolean {
    return this.head === "";
  }

  /** Whether more went over the wire than was kept. Redaction changes lengths: what comes out of a file says it itself. */
  get isCut(): boolean {
    if (this.imported !== null)
      return this.imported.cut || (this.kept === 0 && this.wireLength > 0);
    return this.kept < this.wireLength;
  }

  add(bytes: Uint8Array): void {
    // A view would pin the whole batch it came in.
    this.chunks.push(Buffer.from(bytes));
    this.kept += bytes.length;
    this.wireLength = Math.max(this.wireLength, this.kept);
  }

  /** What was kept of the body. */
  body(): Buffer | null {
    const [only] = this.chunks;
    if (only === undefined) return null;
    return this.chunks.length === 1 ? only : Buffer.concat(this.chunks);
  }

  /** As text, its content coding undone; "" also when that can't be done. */
  text(): string {
    const body = this.body();
    if (body === null) return "";
    const encoding =
      this.imported?.decoded === true ? null : headerOf(this.head, "content-encoding");
    const plain = encoding === null ? body : decode(body, encoding, new Set());
    return plain?.toString("utf8") ?? "";
  }

  raw(): RawMessage {
    const { head, trailers, wireLength, imported } = this;
    return { head, trailers, body: this.body(), wireLength, imported };
  }
}

/** One notification answers one request; a request may change a few objects. */
const maxRelated = 8;

export interface ExchangeTarget {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
}

export interface ClientOf {
  readonly address: string;
  readonly port: number;
  readonly process: string | null;
}

export class OpenExchange {
  readonly number: number;
  readonly connection: number;
  readonly target: ExchangeTarget;
  /** Monotonic ms of the first byte. */
  readonly at: number;
  readonly atWall: number;
  kind: ExchangeKind = "http";
  role: ExchangeRole = "other";
  method = "";
  /** Request target as sent: secrets included, never saved. */
  rawPath = "";
  /** The same with secrets replaced. */
  path = "";
  httpVersion = "";
  readonly request = new IncomingMessage();
  readonly response = new IncomingMessage();
  readonly informational: string[] = [];
  readonly notes = new Set<ExchangeNote>();
  /** Ids of the rules that touched it. */
  readonly faults = new Set<string>();
  readonly related: RelatedExchange[] = [];
  sentAt: number | null = null;
  deliveredAt: number | null = null;
  failedAt: number | null = null;
  failure: Failure | null = null;
  status: number | null = null;
  /** Of the answer's head, secrets replaced, once its row was asked for. */
  reason = "";
  contentType: string | null = null;
  caching: string | null = null;
  connectedAt: number | null = null;
  /** Ms from the connection's opening to this request, if it is the connection's first. The client may have had it ready all the while. */
  connectingMs = 0;
  tlsAt: number | null = null;
  sid: string | null = null;
  rid: number | null = null;
  waitMs: number | null = null;
  thinkGapMs: number | null = null;
  agent: string | null = null;
  /** In a few words, for the list. */
  event: string | null = null;
  /** A tunnel or WebSocket whose connection has ended. */
  isClosed = false;
  /** The connection's record, as its client's process may become known later. */
  clientOf: { readonly client: ClientOf } = { client: { address: "", port: 0, process: null } };
  /** Saved at least once. */
  saved = false;
  requestSaved = false;
  responseSaved = false;

  constructor(
    number: number,
    connection: number,
    target: ExchangeTarget,
    at: { mono: number; wall: number },
  ) {
    this.number = number;
    this.connection = connection;
    this.target = target;
    this.at = at.mono;
    this.atWall = at.wall;
  }

  get isRequestWhole(): boolean {
    return this.request.endAt !== null;
  }

  relate(related: RelatedExchange): void {
    const isKnown = this.related.some(
      ({ kind, number }) => kind === related.kind && number === related.number,
    );
    if (!isKnown && this.related.length < maxRelated) this.related.push(related);
  }

  outcome(): Outcome {
    if (this.failure !== null) return { kind: "failed", ...this.failure, status: this.status };
    if (this.status !== null && (this.response.endAt !== null || this.kind !== "http")) {
      return { kind: "responded", status: this.status, reason: this.reason };
    }
    return { kind: "pending" };
  }

  toStored(messages: {
    request: StoredMessage | null;
    response: StoredMessage | null;
  }): StoredExchange {
    const { host, port, secure } = this.target;
    const { address, port: clientPort, process } = this.clientOf.client;
    return {
      number: this.number,
      kind: this.kind,
      role: this.role,
      method: this.method,
      url: this.#url(),
      protocol: secure ? "HTTPS" : "HTTP",
      host,
      port,
      path: this.path,
      httpVersion: this.httpVersion,
      connection: this.connection,
      client: { address, port: clientPort, process },
      outcome: this.outcome(),
      sizes: this.#sizes(),
      timing: this.#timing(),
      holdMs: this.holdMs(),
      thinkGapMs: this.thinkGapMs === null ? null : toMicroseconds(this.thinkGapMs),
      waitMs: this.waitMs,
      contentType: this.contentType,
      caching: this.caching,
      agent: this.agent,
      sid: this.sid,
      rid: this.rid,
      event: this.event,
      faults: [...this.faults],
      notes: [...this.notes],
      related: this.related,
      atWall: this.atWall,
      sentWall: this.sentAt === null ? null : this.atWall + this.sentAt - this.at,
      request: messages.request,
      response: messages.response,
      informational: this.informational,
    };
  }

  #url(): string {
    const { host, port, secure } = this.target;
    const authority = `${host.includes(":") ? `[${host}]` : host}:${port}`;
    if (this.kind === "tunnel") return authority;
    const scheme = this.kind === "websocket" ? "ws" : "http";
    return `${scheme}${secure ? "s" : ""}://${authority}${this.path}`;
  }

  /** First byte from the server after the last byte to it. */
  holdMs(): number | null {
    const { firstAt } = this.response;
    return firstAt === null || this.sentAt === null ? null : toMicroseconds(firstAt - this.sentAt);
  }

  #sizes(): Sizes {
    const { request, response } = this;
    const isUnanswered = response.isEmpty && response.wireLength === 0 && response.endAt === null;
    return {
      requestHead: request.head.length,
      requestBody: request.wireLength,
      responseHead: response.head.length,
      responseBody: isUnanswered ? -1 : response.wireLength,
    };
  }

  #timing(): Timing {
    const since = (mark: number | null): number | null =>
      mark === null ? null : toMicroseconds(mark - this.at);
    return {
      requestEnd: since(this.request.endAt),
      serverConnected: since(this.connectedAt),
      serverTls: since(this.tlsAt),
      requestSent: since(this.sentAt),
      responseFirst: since(this.response.firstAt),
      responseEnd: since(this.response.endAt),
      delivered: since(this.deliveredAt),
      failed: since(this.failedAt),
    };
  }
}

/** Clocks resolve no finer, and longer numbers only fill rows. */
const toMicroseconds = (ms: number): number => Math.round(ms * 1000) / 1000;
