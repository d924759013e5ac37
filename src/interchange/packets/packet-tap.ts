/** Reads the HTTP of one TCP connection out of its bytes, with the proxy's own reader, and says of it what the proxy would have said. */
import { maxHeadBytes, maxPipelined } from "../../base/limits.ts";
import type { CaptureEvent, Side } from "../../domain/capture-event.ts";
import type { FailureCause } from "../../domain/exchange.ts";
import { Conversation, type ConversationListener } from "../../http1/conversation.ts";
import type { Frame } from "../../http1/web-socket-frames.ts";
import { targetOf } from "../target.ts";

/** Makes the event, once it is known which numbers connection and exchange have. */
export type Make = (connection: number, exchange: number) => CaptureEvent;

export interface TapPlace {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly bodyLimit: number;
  /** `index`: counts the connection's exchanges. */
  readonly tell: (at: number, index: number, make: Make) => void;
}

/** Bytes were seen as they were sent. */
const asSeen = { decoded: false, cut: false } as const;
const closeOpcode = 8;

export class PacketTap implements ConversationListener {
  readonly #place: TapPlace;
  readonly #conversation: Conversation;
  readonly #failed = new Set<number>();
  readonly #closing = new Set<number>();
  #answersUnseen = false;

  constructor(place: TapPlace) {
    this.#place = place;
    this.#conversation = new Conversation(this, {
      bodyLimit: place.bodyLimit,
      maxHead: maxHeadBytes,
      maxPipelined,
    });
  }

  chunk(from: Side, bytes: Uint8Array, at: number): void {
    if (from === "client") this.#conversation.fromClient(bytes, at);
    else this.#conversation.fromServer(bytes, at);
  }

  /** That side left; what was open breaks off with it. */
  ended(side: Side, cause: FailureCause, detail: string, at: number): void {
    if (cause === "closed-early") {
      if (side === "client") this.#conversation.clientEnded(at);
      else this.#conversation.serverEnded(at);
    }
    for (const { index, phase } of this.#conversation.open) {
      if (this.#failed.has(index)) continue;
      this.#failed.add(index);
      // A WebSocket that said goodbye with a Close frame ends as it should.
      if (phase === "frames" && cause === "closed-early" && this.#closing.has(index)) continue;
      const isUnseen = phase === "headers" && this.#answersUnseen;
      const blame = isUnseen ? "boshscope" : side;
      const why = isUnseen ? "answers on this connection could not be read" : detail;
      this.#tell(index, at, (exchange) => ({
        kind: "exchange-failed",
        exchange,
        at,
        phase,
        cause,
        blame,
        alert: null,
        detail: why,
      }));
    }
  }

  requestHead(
    index: number,
    head: Uint8Array,
    parsed: { readonly target: string },
    at: number,
  ): void {
    const bytes = Buffer.from(head);
    // Through a proxy, the request line names the server.
    const named = /^[a-z]+:\/\//i.test(parsed.target) ? targetOf(parsed.target) : null;
    const { secure } = this.#place;
    const { host, port } = named ?? this.#place;
    this.#place.tell(at, index, (connection, exchange) => ({
      kind: "request-head",
      exchange,
      connection,
      at,
      secure,
      host,
      port,
      bytes,
      imported: asSeen,
    }));
  }

  requestBody(index: number, part: Uint8Array, at: number): void {
    const bytes = Buffer.from(part);
    this.#tell(index, at, (exchange) => ({ kind: "request-body", exchange, at, bytes }));
  }

  requestEnd(index: number, bodyLength: number, tail: Uint8Array | null, at: number): void {
    const trailers = copied(tail);
    this.#tell(index, at, (exchange) => ({
      kind: "request-end",
      exchange,
      at,
      bodyLength,
      trailers,
      sent: true,
    }));
  }

  informational(index: number, head: Uint8Array, at: number): void {
    const bytes = Buffer.from(head);
    this.#tell(index, at, (exchange) => ({ kind: "informational-head", exchange, at, bytes }));
  }

  responseHead(index: number, head: Uint8Array, _parsed: unknown, at: number): void {
    const bytes = Buffer.from(head);
    this.#tell(index, at, (exchange) => ({
      kind: "response-head",
      exchange,
      at,
      bytes,
      imported: asSeen,
    }));
  }

  responseBody(index: number, part: Uint8Array, at: number): void {
    const bytes = Buffer.from(part);
    this.#tell(index, at, (exchange) => ({ kind: "response-body", exchange, at, bytes }));
  }

  responseEnd(index: number, bodyLength: number, tail: Uint8Array | null, at: number): void {
    const trailers = copied(tail);
    this.#tell(index, at, (exchange) => ({
      kind: "response-end",
      exchange,
      at,
      bodyLength,
      trailers,
      delivered: true,
    }));
  }

  upgraded(index: number, protocol: string, at: number): void {
    this.#tell(index, at, (exchange) => ({ kind: "upgraded", exchange, at, protocol }));
  }

  frame(index: number, from: Side, frame: Frame, at: number): void {
    const { opcode, final, compressed, length } = frame;
    const bytes = Buffer.from(frame.bytes);
    if (opcode === closeOpcode) this.#closing.add(index);
    this.#tell(index, at, (exchange) => ({
      kind: "frame",
      exchange,
      at,
      from,
      opcode,
      final,
      compressed,
      length,
      bytes,
    }));
  }

  unparsed(from: Side, index: number | null, reason: string, at: number): void {
    if (from === "server") this.#answersUnseen = true;
    this.#place.tell(at, index ?? -1, (connection, exchange) => ({
      kind: "unparsed",
      connection,
      exchange: index === null ? null : exchange,
      at,
      from,
      reason,
    }));
  }

  #tell(index: number, at: number, make: (exchange: number) => CaptureEvent): void {
    this.#place.tell(at, index, (_connection, exchange) => make(exchange));
  }
}

const copied = (bytes: Uint8Array | null): Uint8Array | null =>
  bytes === null ? null : Buffer.from(bytes);
