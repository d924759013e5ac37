/** Watches the bytes of one connection and reports its exchanges: the framer's findings with our numbers, and how open ones ended. */
import { maxHeadBytes, maxPipelined } from "../base/limits.ts";
import type { CaptureSink, Side } from "../domain/capture-event.ts";
import type { Blame, FailureCause, FailurePhase } from "../domain/exchange.ts";
import { Conversation, type ConversationListener } from "../http1/conversation.ts";
import type { Frame } from "../http1/web-socket-frames.ts";
import type { CloseReason } from "./socket-close.ts";
import type { Target } from "./target.ts";

export interface TapOptions {
  readonly connection: number;
  readonly target: Target;
  readonly secure: boolean;
  readonly emit: CaptureSink;
  readonly nextExchange: () => number;
  readonly bodyLimit: number;
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
    if (from === "client") this.#conversation.fromClient(bytes, at);
    else this.#conversation.fromServer(bytes, at);
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
      const unseen = phase === "headers" && this.#answersUnseen;
      this.#emit({
        kind: "exchange-failed",
        exchange,
        at,
        phase: failure.phase ?? phase,
        cause: failure.cause,
        blame: unseen ? "boshscope" : failure.blame,
        alert: failure.alert ?? null,
        detail: unseen ? "answers on this connection could not be read" : failure.detail,
      });
    }
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
  }

  requestBody(index: number, bytes: Uint8Array, at: number): void {
    this.#emit({ kind: "request-body", exchange: this.#number(index), at, bytes });
  }

  requestEnd(index: number, bodyLength: number, trailers: Uint8Array | null, at: number): void {
    const exchange = this.#number(index);
    if (this.#delayed) this.#waiting.server.push(exchange);
    this.#emit({ kind: "request-end", exchange, at, bodyLength, trailers, sent: !this.#delayed });
    this.#endHalf(index);
  }

  informational(index: number, head: Uint8Array, at: number): void {
    this.#emit({ kind: "informational-head", exchange: this.#number(index), at, bytes: head });
  }

  responseHead(index: number, head: Uint8Array, _parsed: unknown, at: number): void {
    this.#emit({ kind: "response-head", exchange: this.#number(index), at, bytes: head });
  }

  responseBody(index: number, bytes: Uint8Array, at: number): void {
    this.#emit({ kind: "response-body", exchange: this.#number(index), at, bytes });
  }

  responseEnd(index: number, bodyLength: number, trailers: Uint8Array | null, at: number): void {
    const exchange = this.#number(index);
    if (this.#delayed) this.#waiting.client.push(exchange);
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
    this.#emit({ kind: "upgraded", exchange: this.#number(index), at, protocol });
  }

  frame(index: number, from: Side, frame: Frame, at: number): void {
    if (frame.opcode === closeOpcode) this.#closing.add(index);
    const { opcode, final, compressed, length, bytes } = frame;
    this.#emit({
      kind: "frame",
      exchange: this.#number(index),
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
