/** Watches the bytes of one connection and reports its exchanges: the framer's findings with our numbers, and how open ones ended. */
import { maxHeadBytes, maxPipelined } from "../base/limits.ts";
import type { CaptureSink, Side } from "../domain/capture-event.ts";
import type { Blame, FailureCause, FailurePhase } from "../domain/exchange.ts";
import { Conversation, type ConversationListener } from "../http1/conversation.ts";
import type { Frame } from "../http1/web-socket-frames.ts";
import type { CloseReason } from "./socket-close.ts";
import type { Target } from "./target.ts";
import type { UnreadBytes } from "./unread-bytes.ts";

export interface TapOptions {
  readonly connection: number;
  readonly target: Target;
  readonly secure: boolean;
  readonly emit: CaptureSink;
  readonly nextExchange: () => number;
  readonly bodyLimit: number;
}

/** Hears what the tap hears, with the exchange's number; before the ends of messages are told on. */
export interface TapWatcher {
  requestHead(exchange: number, head: Uint8Array, at: number): void;
  requestBody(exchange: number, bytes: Uint8Array): void;
  requestEnd(exchange: number, bodyLength: number, at: number): void;
  informational(): void;
  responseHead(exchange: number, head: Uint8Array): void;
  responseBody(exchange: number, bytes: Uint8Array): void;
  responseEnd(exchange: number, bodyLength: number, at: number): void;
  /** An answer begins that was expected but not asked for. */
  unasked(): void;
  upgraded(exchange: number): void;
  frame(exchange: number, from: Side, frame: Frame, at: number): void;
  /** Why a rule is to blame if that exchange fails now; null = it is not. */
  blameOf(exchange: number): string | null;
}

interface Failure {
  readonly cause: FailureCause;
  readonly blame: Blame;
  readonly alert?: number | null;
  readonly detail: string;
  /** Overrides the phase the framer is in. */
  readonly phase?: FailurePhase;
}

export class ExchangeTap implements ConversationListener {
  readonly #options: TapOptions;
  readonly #emit: CaptureSink;
  readonly #conversation: Conversation;
  /** Exchange numbers of those not finished, by the framer's index. */
  readonly #numbers = new Map<number, number>();
  readonly #failed = new Set<number>();
  /** Request or answer is whole, the other is not. */
  readonly #halfEnded = new Set<number>();
  /** Answers can't be seen any more, so their lack says nothing. */
  #answersUnseen = false;
  readonly #closing = new Set<number>();
  /** Exchanges whose last bytes wait in our buffer towards that side. */
  #waiting: Record<Side, number[]> = { client: [], server: [] };
  #delayed = false;
  /** The gate tells when a message has gone. */
  #gated = false;
  watcher: TapWatcher | null = null;
  /** Of the server; null while it is not connected. */
  unread: UnreadBytes | null = null;
  /** Answers that belong to no exchange of ours. */
  readonly #unasked = new Set<number>();
  count = 0;

  constructor(options: TapOptions) {
    this.#options = options;
    this.#emit = options.emit;
    this.#conversation = new Conversation(this, {
      bodyLimit: options.bodyLimit,
      maxHead: maxHeadBytes,
      maxPipelined,
    });
  }

  chunk(from: Side, bytes: Uint8Array, at: number, delayed: boolean): void {
    this.#delayed = delayed;
    if (from === "client") return this.#conversation.fromClient(bytes, at);
    this.unread?.opened();
    this.#conversation.fromServer(bytes, at);
  }

  /** Reads up to the end of the first message or frame, before it goes on; the offset where that is. `gone` says when it has. */
  readOne(from: Side, bytes: Uint8Array, offset: number, at: number): number {
    this.#delayed = true;
    this.#gated = true;
    if (from === "server") this.unread?.opened();
    const next = this.#conversation.readOne(from, bytes, offset, at);
    this.#gated = false;
    return next;
  }

  isMid(from: Side): boolean {
    return this.#conversation.isMid(from);
  }

  isRaw(from: Side): boolean {
    return this.#conversation.isRaw(from);
  }

  /** The exchange whose answer comes next, while no byte of it has come. */
  get due(): number | null {
    const due = this.#conversation.due(this.#unasked);
    return due === null ? null : (this.#numbers.get(due) ?? null);
  }

  /** The next bytes from the server are the answer to that exchange, whichever is due. */
  answerFirst(exchange: number): void {
    for (const [index, number] of this.#numbers)
      if (number === exchange) this.#conversation.answerFirst(index);
  }

  /** The server will answer once more what the client was given an answer to already. */
  expectUnasked(): void {
    this.#unasked.add(this.#conversation.expectAnother());
  }

  get isOwedAnswer(): boolean {
    return this.#unasked.size > 0;
  }

  gone(to: Side, exchange: number, at: number): void {
    const kind = to === "server" ? "request-sent" : "response-delivered";
    this.#emit({ kind, exchange, at });
  }

  flushed(to: Side, at: number): void {
    const waiting = this.#waiting[to];
    if (waiting.length === 0) return;
    this.#waiting[to] = [];
    const kind = to === "server" ? "request-sent" : "response-delivered";
    for (const exchange of waiting) this.#emit({ kind, exchange, at });
  }

  ended(side: Side, at: number): void {
    if (side === "client") this.#conversation.clientEnded(at);
    else this.#conversation.serverEnded(at);
    this.failOpen({ cause: "closed-early", blame: side, detail: `FIN from the ${side}` }, at);
  }

  broken(side: Side, reason: CloseReason, at: number): void {
    const cause = causeOf(reason);
    const blame = cause === "timeout" ? "network" : side;
    this.failOpen({ cause, blame, alert: reason.alert, detail: reason.detail }, at);
  }

  /** Gives every unfinished exchange its end, once. A later answer (after a half-close) revives it in the recorder. */
  failOpen(failure: Failure, at: number): void {
    for (const { index, phase } of this.#conversation.open) {
      const exchange = this.#numbers.get(index);
      if (exchange === undefined || this.#failed.has(index)) continue;
      this.#failed.add(index);
      // A WebSocket that said goodbye with a Close frame ends as it should.
      if (phase === "frames" && failure.cause === "closed-early" && this.#closing.has(index))
        continue;
      if (phase === "headers") this.#noteUnread(exchange, failure, at);
      this.#emit({
        kind: "exchange-failed",
        exchange,
        at,
        phase: failure.phase ?? phase,
        alert: failure.alert ?? null,
        ...this.#verdict(exchange, failure, phase === "headers" && this.#answersUnseen),
      });
    }
  }

  /** What came from the server since its last data: the beginning of an answer, or its goodbye. */
  #noteUnread(exchange: number, { blame, cause }: Failure, at: number): void {
    if (this.unread?.any !== true) return;
    if (blame === "client")
      this.#emit({ kind: "exchange-noted", exchange, at, note: "answer-trickles" });
    if (blame === "server" && cause === "closed-early")
      this.#emit({ kind: "exchange-noted", exchange, at, note: "closed-in-order" });
  }

  #verdict(
    exchange: number,
    failure: Failure,
    isUnseen: boolean,
  ): Pick<Failure, "cause" | "blame" | "detail"> {
    const { cause, blame, detail } = failure;
    const rule = this.watcher?.blameOf(exchange) ?? null;
    if (rule !== null)
      return { cause: "fault-rule", blame: "fault-rule", detail: `${rule}: ${detail}` };
    if (!isUnseen) return { cause, blame, detail };
    return { cause, blame: "boshscope", detail: "answers on this connection could not be read" };
  }

  get hasOpen(): boolean {
    return this.#conversation.open.length > 0;
  }

  requestHead(index: number, head: Uint8Array, _parsed: unknown, at: number): void {
    const exchange = this.#options.nextExchange();
    this.count++;
    this.#numbers.set(index, exchange);
    const { connection, secure, target } = this.#options;
    this.#emit({
      kind: "request-head",
      exchange,
      connection,
      at,
      secure,
      host: target.host,
      port: target.port,
      bytes: head,
    });
    this.watcher?.requestHead(exchange, head, at);
  }

  requestBody(index: number, bytes: Uint8Array, at: number): void {
    const exchange = this.#number(index);
    this.#emit({ kind: "request-body", exchange, at, bytes });
    this.watcher?.requestBody(exchange, bytes);
  }

  requestEnd(index: number, bodyLength: number, trailers: Uint8Array | null, at: number): void {
    const exchange = this.#number(index);
    this.watcher?.requestEnd(exchange, bodyLength, at);
    if (this.#delayed && !this.#gated) this.#waiting.server.push(exchange);
    this.#emit({ kind: "request-end", exchange, at, bodyLength, trailers, sent: !this.#delayed });
    this.#endHalf(index);
  }

  informational(index: number, head: Uint8Array, at: number): void {
    if (!this.#unasked.has(index))
      this.#emit({ kind: "informational-head", exchange: this.#number(index), at, bytes: head });
    this.watcher?.informational();
  }

  responseHead(index: number, head: Uint8Array, _parsed: unknown, at: number): void {
    if (this.#unasked.has(index)) return this.watcher?.unasked();
    const exchange = this.#number(index);
    this.#emit({ kind: "response-head", exchange, at, bytes: head });
    this.watcher?.responseHead(exchange, head);
  }

  responseBody(index: number, bytes: Uint8Array, at: number): void {
    if (this.#unasked.has(index)) return;
    const exchange = this.#number(index);
    this.#emit({ kind: "response-body", exchange, at, bytes });
    this.watcher?.responseBody(exchange, bytes);
  }

  responseEnd(index: number, bodyLength: number, trailers: Uint8Array | null, at: number): void {
    if (this.#unasked.delete(index)) return;
    const exchange = this.#number(index);
    this.watcher?.responseEnd(exchange, bodyLength, at);
    if (this.#delayed && !this.#gated) this.#waiting.client.push(exchange);
    this.#emit({
      kind: "response-end",
      exchange,
      at,
      bodyLength,
      trailers,
      delivered: !this.#delayed,
    });
    this.#endHalf(index);
  }

  /** An answer may overtake its request: the number is kept until both are whole. */
  #endHalf(index: number): void {
    if (!this.#halfEnded.delete(index)) {
      this.#halfEnded.add(index);
      return;
    }
    this.#numbers.delete(index);
    this.#failed.delete(index);
  }

  upgraded(index: number, protocol: string, at: number): void {
    const exchange = this.#number(index);
    this.#emit({ kind: "upgraded", exchange, at, protocol });
    this.watcher?.upgraded(exchange);
  }

  frame(index: number, from: Side, frame: Frame, at: number): void {
    if (frame.opcode === closeOpcode) this.#closing.add(index);
    const { opcode, final, compressed, length, bytes } = frame;
    const exchange = this.#number(index);
    this.watcher?.frame(exchange, from, frame, at);
    this.#emit({
      kind: "frame",
      exchange,
      at,
      from,
      opcode,
      final,
      compressed,
      length,
      bytes,
    });
  }

  unparsed(from: Side, index: number | null, reason: string, at: number): void {
    const { connection } = this.#options;
    if (from === "server") this.#answersUnseen = true;
    const exchange = index === null ? null : (this.#numbers.get(index) ?? null);
    this.#emit({ kind: "unparsed", connection, exchange, at, from, reason });
  }

  #number(index: number): number {
    return this.#numbers.get(index) ?? 0;
  }
}

const closeOpcode = 8;

function causeOf(reason: CloseReason): FailureCause {
  switch (reason.how) {
    case "reset":
      return "reset";
    case "timeout":
      return "timeout";
    case "tls-alert":
      return "tls-alert";
    case "failed":
      return reason.detail.startsWith("ERR_SSL") ? "tls-failed" : "closed-early";
  }
}
