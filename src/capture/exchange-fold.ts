/** What each event says about its exchange. Knows nothing of saving. */
import { unreachable } from "../base/errors.ts";
import type { CaptureEvent } from "../domain/capture-event.ts";
import type { StoredFrame } from "../domain/recording.ts";
import { roleOf } from "../finesse/role-of.ts";
import type { Redactor } from "../redact/redactor.ts";
import { FrameBook } from "./frame-book.ts";
import { headerOf } from "./keep-message.ts";
import { Meaning } from "./meaning.ts";
import type { OpenExchange } from "./open-exchange.ts";

/** Events of an exchange that has begun. */
export type ContinuingEvent = Exclude<
  Extract<CaptureEvent, { exchange: number }>,
  { kind: "request-head" | "tunnel-opened" | "unparsed" }
>;
type EventOf<Kind extends CaptureEvent["kind"]> = Extract<CaptureEvent, { kind: Kind }>;

export class ExchangeFold {
  readonly #redactor: Redactor;
  readonly #keepSecrets: boolean;
  readonly #text: (bytes: Uint8Array) => string;
  readonly #frameBooks = new Map<number, FrameBook>();
  readonly meaning: Meaning;
  /** Messages not saved yet. */
  readonly frames: StoredFrame[] = [];

  constructor(options: {
    readonly redactor: Redactor;
    readonly keepSecrets: boolean;
    readonly meaning: Meaning;
    /** Heads and trailers as text. Those of a file may hold redaction's markers, which no wire has. */
    readonly headText?: (bytes: Uint8Array) => string;
  }) {
    this.#text = options.headText ?? latin1;
    this.meaning = options.meaning;
    this.#redactor = options.redactor;
    this.#keepSecrets = options.keepSecrets;
  }

  forget(exchange: number): void {
    this.#frameBooks.delete(exchange);
  }

  apply(exchange: OpenExchange, event: ContinuingEvent, wallOffset: number): void {
    switch (event.kind) {
      case "request-body":
        exchange.request.add(event.bytes);
        return;
      case "request-end":
        this.#requestEnd(exchange, event);
        return;
      case "request-sent":
        exchange.sentAt = event.at;
        return;
      case "informational-head":
        exchange.informational.push(this.#redactor.head(this.#text(event.bytes)).text);
        return;
      case "response-head":
        this.#responseHead(exchange, event);
        return;
      case "response-body":
        exchange.response.firstAt ??= event.at;
        exchange.response.add(event.bytes);
        return;
      case "response-end":
        this.#responseEnd(exchange, event, wallOffset);
        return;
      case "response-delivered":
        exchange.deliveredAt = event.at;
        return;
      case "upgraded":
        exchange.response.endAt = event.at;
        if (event.protocol === "websocket") exchange.kind = "websocket";
        return;
      case "frame":
        this.#frame(exchange, event, wallOffset);
        return;
      case "tunnel-ended":
        exchange.request.wireLength = event.toServer;
        exchange.response.wireLength = event.toClient;
        exchange.response.endAt = event.at;
        exchange.isClosed = true;
        return;
      case "fault-applied":
        exchange.faults.add(event.rule);
        return;
      case "exchange-noted":
        exchange.notes.add(event.note);
        return;
      case "exchange-failed":
        failed(exchange, event);
        if (!isProbe(exchange)) this.meaning.failed(exchange, event, event.at);
        return;
      default:
        unreachable(event);
    }
  }

  requestHead(exchange: OpenExchange, event: EventOf<"request-head">): void {
    readRequestHead(exchange, event, this.#text(event.bytes));
  }

  #responseHead(exchange: OpenExchange, event: EventOf<"response-head">): void {
    readResponseHead(exchange, event, this.#text(event.bytes));
  }

  #requestEnd(exchange: OpenExchange, event: EventOf<"request-end">): void {
    exchange.request.endAt = event.at;
    exchange.request.wireLength = event.bodyLength;
    if (event.trailers !== null) exchange.request.trailers = this.#text(event.trailers);
    if (event.sent) exchange.sentAt = event.at;
    if (!isProbe(exchange)) this.meaning.requested(exchange);
  }

  #responseEnd(exchange: OpenExchange, event: EventOf<"response-end">, wallOffset: number): void {
    exchange.response.endAt = event.at;
    exchange.response.wireLength = event.bodyLength;
    if (event.trailers !== null) exchange.response.trailers = this.#text(event.trailers);
    if (event.delivered) exchange.deliveredAt = event.at;
    if (!isProbe(exchange)) this.meaning.answered(exchange, wallOffset);
  }

  #frame(exchange: OpenExchange, event: EventOf<"frame">, wallOffset: number): void {
    if (event.from === "client") exchange.request.wireLength += event.length;
    else exchange.response.wireLength += event.length;
    let book = this.#frameBooks.get(exchange.number);
    if (book === undefined) {
      book = new FrameBook(this.#redactor, this.#keepSecrets);
      this.#frameBooks.set(exchange.number, book);
    }
    const frame = book.add(event, event.at + wallOffset, exchange.notes);
    if (frame === null) return;
    this.frames.push({ ...frame, event: this.meaning.heard(exchange, frame, event.at) });
  }
}

/** What we ask ourselves is no desktop's heartbeat, and says nothing of any session. */
const isProbe = ({ notes }: OpenExchange): boolean => notes.has("probe");

const statusLine = /^[\r\n]*HTTP\/[\d.]+[ \t]+(\d{3})[ \t]*([^\r\n]*)/;
const startLine = /^[\r\n]*([^ \r\n]*) +([^\r\n]*?)(?: +HTTP\/([\d.]+))?\r?\n/;

function readRequestHead(
  exchange: OpenExchange,
  event: EventOf<"request-head">,
  head: string,
): void {
  exchange.request.head = head;
  exchange.request.imported = event.imported ?? null;
  exchange.request.firstAt = event.at;
  const [, method = "", target = "", version = ""] = startLine.exec(head) ?? [];
  exchange.method = method;
  exchange.httpVersion = version;
  exchange.rawPath = target.replace(/^(?:https?|wss?):\/\/[^/?#]*/i, "");
  const isWebSocket = headerOf(head, "upgrade")?.toLowerCase() === "websocket";
  exchange.role = roleOf(method, exchange.rawPath, isWebSocket);
}

function readResponseHead(
  exchange: OpenExchange,
  event: EventOf<"response-head">,
  head: string,
): void {
  // An answer after the client's half-close: it had not failed after all.
  exchange.failure = null;
  exchange.failedAt = null;
  exchange.response.firstAt = event.at;
  exchange.response.head = head;
  exchange.response.imported = event.imported ?? null;
  const line = statusLine.exec(head);
  exchange.status = line === null ? null : Number(line[1]);
}

/** What rows say of an answer's head, from the head as it is kept. */
export function describeAnswer(exchange: OpenExchange, head: string): void {
  exchange.reason = statusLine.exec(head)?.[2] ?? "";
  exchange.contentType = headerOf(head, "content-type");
  exchange.caching = cachingOf(head);
}

/** Fiddler's Caching column: Cache-Control, and Expires when there is one. */
function cachingOf(head: string): string | null {
  const control = headerOf(head, "cache-control");
  const expires = headerOf(head, "expires");
  if (expires === null) return control;
  return control === null ? `Expires: ${expires}` : `${control}; Expires: ${expires}`;
}

function failed(exchange: OpenExchange, event: EventOf<"exchange-failed">): void {
  const { phase, cause, blame, alert, detail } = event;
  exchange.failure = { phase, cause, blame, alert, detail };
  exchange.failedAt = event.at;
  // CONNECT's own 200 is our word, not the server's: it may not stand beside a failure.
  if (exchange.kind === "tunnel") exchange.status = null;
}

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
