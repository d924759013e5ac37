/**
 * Watches both directions of one HTTP/1.1 connection and tells, in past tense, which exchanges it carries. It changes no byte,
 * throws nothing and waits for nothing: what it can't read is told once per direction, and then that direction is let go.
 */

import {
  type Framing,
  informational,
  requestFraming,
  responseFraming,
  switches,
  unreadable,
} from "./framing.ts";
import { GrowingBytes } from "./growing-bytes.ts";
import { LazyRequestHead, LazyResponseHead, type RequestHead, type ResponseHead } from "./head.ts";
import type { HeadScanner } from "./head-scanner.ts";
import { MessageReader, type MessageSink } from "./message-reader.ts";
import { type Frame, WebSocketFrames } from "./web-socket-frames.ts";

/**
 * What a conversation is told to. `index` counts the connection's requests from 0; `at` is the instant given with the chunk.
 * All bytes are views into the chunk: copy what must outlive the call. Calling the conversation from inside a call is not allowed.
 */
export interface ConversationListener {
  /** `head`: as sent, through the empty line. */
  requestHead(index: number, head: Uint8Array, parsed: RequestHead, at: number): void;
  /** Content without chunk framing, only the first `bodyLimit` bytes of a message. */
  requestBody(index: number, bytes: Uint8Array, at: number): void;
  /** `bodyLength` counts all content; `trailers` are as sent, through the empty line. */
  requestEnd(index: number, bodyLength: number, trailers: Uint8Array | null, at: number): void;
  /** Any 1xx but 101. */
  informational(index: number, head: Uint8Array, at: number): void;
  responseHead(index: number, head: Uint8Array, parsed: ResponseHead, at: number): void;
  responseBody(index: number, bytes: Uint8Array, at: number): void;
  responseEnd(index: number, bodyLength: number, trailers: Uint8Array | null, at: number): void;
  /** After the response head: no HTTP any more. `protocol` is the Upgrade field in lower case, or "connect". Frames follow for "websocket". */
  upgraded(index: number, protocol: string, at: number): void;
  frame(index: number, from: "client" | "server", frame: Frame, at: number): void;
  /** Once per direction, which is no longer observed. `index`: the exchange it happened in, if it was in one. */
  unparsed(from: "client" | "server", index: number | null, reason: string, at: number): void;
  /** All bytes after the request's head, chunk framing and trailers included, without limit; before `requestEnd`. */
  requestRaw?(index: number, bytes: Uint8Array, at: number): void;
  /** After `upgraded`: the client's bytes, as sent, also those that came before the answer. */
  upgradedRaw?(index: number, bytes: Uint8Array, at: number): void;
}

export interface ConversationLimits {
  /** Content bytes of a message, or payload bytes of a frame, that are told; the rest is counted. */
  readonly bodyLimit: number;
  /** A longer head, trailer section, or run of bytes after an unanswered upgrade request is unparsed. */
  readonly maxHead: number;
  /** Requests that may await their response. */
  readonly maxPipelined: number;
}

/** Exchanges not finished: which part was under way. "headers": request complete, no response head yet. */
export interface OpenPhase {
  readonly index: number;
  readonly phase: "request" | "headers" | "body" | "frames";
}

export type Speaker = "client" | "server";

interface Exchange {
  readonly index: number;
  readonly isHead: boolean;
  readonly isConnect: boolean;
  /** What the Upgrade field asked for; null: nothing. */
  readonly upgrade: string | null;
  requestDone: boolean;
  response: "awaited" | "body" | "frames" | "done";
}

export class Conversation {
  readonly #listener: ConversationListener;
  readonly #limits: ConversationLimits;
  readonly #requests: MessageReader;
  readonly #responses: MessageReader;
  /** In the order of their requests; the first is the one being answered. */
  readonly #exchanges: Exchange[] = [];
  #nextIndex = 0;
  /** The exchange whose request is under way, or whose answer decides what the client's next bytes are. */
  #sending: Exchange | null = null;
  #upgraded: Exchange | null = null;
  #clientFrames: WebSocketFrames | null = null;
  #serverFrames: WebSocketFrames | null = null;
  /** What the client sent after a request to upgrade, until the answer says what language it is. */
  #held: GrowingBytes | null = null;
  /** When the first of them came. */
  #heldAt = 0;

  constructor(listener: ConversationListener, limits: ConversationLimits) {
    this.#listener = listener;
    this.#limits = limits;
    this.#requests = new MessageReader("request", this.#requestSink(), limits);
    this.#responses = new MessageReader("response", this.#responseSink(), limits);
  }

  fromClient(chunk: Uint8Array, at: number): void {
    const taken = this.#requests.read(chunk, at);
    if (taken < chunk.length) this.#afterUpgradeRequest(chunk, taken, at);
  }

  fromServer(chunk: Uint8Array, at: number): void {
    const taken = this.#responses.read(chunk, at);
    if (taken < chunk.length) this.#serverFrames?.read(chunk, taken, at);
  }

  /**
   * For who must know before a message goes on where it ends: reads from an offset to the end of the first message or frame that ends
   * there, and returns where that is. In any mixture with `fromClient` and `fromServer`.
   */
  readOne(from: Speaker, chunk: Uint8Array, offset: number, at: number): number {
    const reader = from === "client" ? this.#requests : this.#responses;
    const next = reader.readOne(chunk, offset, at);
    if (next > offset || !reader.paused) return next;
    const frames = from === "client" ? this.#clientFrames : this.#serverFrames;
    if (from === "client" && frames === null) this.#afterUpgradeRequest(chunk, offset, at);
    return frames === null ? chunk.length : frames.readOne(chunk, offset, at);
  }

  /** In the middle of a message or frame: `readOne` would not begin with a new one. */
  isMid(from: Speaker): boolean {
    const frames = from === "client" ? this.#clientFrames : this.#serverFrames;
    if (frames !== null) return frames.isMid;
    return (from === "client" ? this.#requests : this.#responses).isMid;
  }

  /** What that side sends has no boundaries that could be seen: unreadable, another protocol, or not known which one yet. */
  isRaw(from: Speaker): boolean {
    const frames = from === "client" ? this.#clientFrames : this.#serverFrames;
    if (frames !== null) return frames.isLost;
    const reader = from === "client" ? this.#requests : this.#responses;
    return reader.isLost || reader.paused;
  }

  /** Index of the first exchange without an answer (leaving those aside), unless a byte of an answer has come; null = none. */
  due(aside: ReadonlySet<number>): number | null {
    const open = this.#exchanges.filter(({ response }) => response !== "done");
    if (this.#responses.isMid || (open[0] !== undefined && open[0].response !== "awaited"))
      return null;
    return open.find(({ index }) => !aside.has(index))?.index ?? null;
  }

  /** The next answer is to that exchange, although others come before it: who holds answers back may know better. */
  answerFirst(index: number): void {
    const at = this.#exchanges.findIndex((exchange) => exchange.index === index);
    if (at > 0) this.#exchanges.unshift(...this.#exchanges.splice(at, 1));
  }

  /** One more answer comes first, to a request that has been answered (by someone else); returns its index. */
  expectAnother(): number {
    const index = this.#nextIndex++;
    this.#exchanges.unshift({
      index,
      isHead: false,
      isConnect: false,
      upgrade: null,
      requestDone: true,
      response: "awaited",
    });
    return index;
  }

  /** FIN from the client: nothing that a client sends ends with it, so what is open stays open. */
  clientEnded(at: number): void {
    this.#requests.end(at);
  }

  /** FIN from the server: ends a body of no stated length. */
  serverEnded(at: number): void {
    this.#responses.end(at);
  }

  get open(): readonly OpenPhase[] {
    return this.#exchanges.map((exchange) => ({ index: exchange.index, phase: phaseOf(exchange) }));
  }

  #requestSink(): MessageSink {
    const listener = this.#listener;
    const index = (): number => this.#sending?.index ?? -1;
    return {
      head: (head, facts, at) => this.#requestHead(head, facts, at),
      body: (bytes, at) => listener.requestBody(index(), bytes, at),
      raw:
        listener.requestRaw === undefined
          ? null
          : (bytes, at) => listener.requestRaw?.(index(), bytes, at),
      end: (bodyLength, trailers, at) => this.#requestEnd(bodyLength, trailers, at),
      lost: (reason, at) => this.#clientLost(reason, at),
    };
  }

  #responseSink(): MessageSink {
    const listener = this.#listener;
    const index = (): number => this.#exchanges[0]?.index ?? -1;
    return {
      head: (head, facts, at) => this.#responseHead(head, facts, at),
      body: (bytes, at) => listener.responseBody(index(), bytes, at),
      raw: null,
      end: (bodyLength, trailers, at) => this.#responseEnd(bodyLength, trailers, at),
      lost: (reason, at) => this.#serverLost(reason, at),
    };
  }

  #requestHead(head: Uint8Array, facts: HeadScanner, at: number): Framing {
    const line = facts.requestLine;
    if (line === null) return unreadable("not an HTTP request line");
    if (this.#exchanges.length >= this.#limits.maxPipelined)
      return unreadable(`more than ${this.#limits.maxPipelined} requests await a response`);
    const exchange: Exchange = {
      index: this.#nextIndex++,
      isHead: line.isHead,
      isConnect: line.isConnect,
      upgrade: facts.fields.upgrade,
      requestDone: false,
      response: "awaited",
    };
    const framing = requestFraming(line, facts.fields);
    this.#exchanges.push(exchange);
    this.#sending = exchange;
    this.#listener.requestHead(exchange.index, head, new LazyRequestHead(head), at);
    return framing;
  }

  #requestEnd(bodyLength: number, trailers: Uint8Array | null, at: number): boolean {
    const exchange = this.#sending;
    if (exchange === null) return false;
    const waits =
      asksSwitch(exchange) && (exchange.response === "awaited" || exchange.response === "frames");
    if (!waits) this.#sending = null;
    exchange.requestDone = true;
    if (exchange.response === "done") this.#exchanges.shift();
    this.#listener.requestEnd(exchange.index, bodyLength, trailers, at);
    return waits;
  }

  #responseHead(head: Uint8Array, facts: HeadScanner, at: number): Framing {
    const line = facts.statusLine;
    const exchange = this.#exchanges[0];
    if (line === null) return unreadable("not an HTTP status line");
    if (exchange === undefined || exchange.response === "done")
      return unreadable("a response that no request asked for");
    const { status } = line;
    if (status >= 100 && status <= 199 && status !== 101) {
      this.#listener.informational(exchange.index, head, at);
      return informational;
    }
    const framing = responseFraming(line, facts.fields, exchange);
    exchange.response = "body";
    this.#listener.responseHead(exchange.index, head, new LazyResponseHead(head), at);
    if (grantsSwitch(exchange, status)) return this.#switch(exchange, facts.fields.upgrade, at);
    if (asksSwitch(exchange)) this.#refuseSwitch();
    return framing;
  }

  #responseEnd(bodyLength: number, trailers: Uint8Array | null, at: number): boolean {
    const exchange = this.#exchanges[0];
    if (exchange === undefined) return false;
    exchange.response = "done";
    if (exchange.requestDone || this.#requests.isLost) this.#exchanges.shift();
    this.#listener.responseEnd(exchange.index, bodyLength, trailers, at);
    return false;
  }

  #clientLost(reason: string, at: number): void {
    this.#held = null;
    if (this.#sending?.response === "done") this.#exchanges.shift();
    this.#listener.unparsed("client", this.#sending?.index ?? null, reason, at);
  }

  #serverLost(reason: string, at: number): void {
    const exchange = this.#exchanges[0];
    const index = exchange === undefined || exchange.response === "done" ? null : exchange.index;
    this.#listener.unparsed("server", index, reason, at);
    if (this.#held !== null) this.#requests.lose(unansweredUpgrade, at);
  }

  /** From here on both directions speak another protocol; a request still under way ends as HTTP first. */
  #switch(exchange: Exchange, answered: string | null, at: number): Framing {
    if (!asksSwitch(exchange)) return unreadable("a 101 to a request that asked for no upgrade");
    const { index } = exchange;
    const protocol = exchange.isConnect ? "connect" : (answered ?? exchange.upgrade ?? "");
    exchange.response = "frames";
    this.#upgraded = exchange;
    this.#listener.upgraded(index, protocol, at);
    if (protocol === "websocket") {
      this.#clientFrames = this.#framesFrom(index, "client");
      this.#serverFrames = this.#framesFrom(index, "server");
    }
    const held = this.#takeHeld();
    if (held !== null) this.#afterUpgradeRequest(held, 0, this.#heldAt);
    return switches;
  }

  /** The answer to an upgrade request is an ordinary one, so what the client sent since is HTTP. */
  #refuseSwitch(): void {
    if (!this.#requests.paused) return;
    this.#sending = null;
    this.#requests.resume();
    const held = this.#takeHeld();
    if (held !== null) this.fromClient(held, this.#heldAt);
  }

  #afterUpgradeRequest(chunk: Uint8Array, from: number, at: number): void {
    if (this.#upgraded !== null) {
      this.#listener.upgradedRaw?.(this.#upgraded.index, chunk.subarray(from), at);
      return this.#clientFrames?.read(chunk, from, at);
    }
    if (this.#responses.isLost) return this.#requests.lose(unansweredUpgrade, at);
    const length = (this.#held?.length ?? 0) + chunk.length - from;
    if (length > this.#limits.maxHead)
      return this.#requests.lose("too many bytes after an upgrade request without an answer", at);
    if (this.#held === null) {
      this.#held = new GrowingBytes();
      this.#heldAt = at;
    }
    this.#held.append(chunk, from, chunk.length);
  }

  #takeHeld(): Uint8Array | null {
    const held = this.#held;
    this.#held = null;
    return held === null ? null : held.view();
  }

  #framesFrom(index: number, from: "client" | "server"): WebSocketFrames {
    const listener = this.#listener;
    return new WebSocketFrames(
      {
        frame: (frame, at) => listener.frame(index, from, frame, at),
        lost: (reason, at) => listener.unparsed(from, index, reason, at),
      },
      this.#limits.bodyLimit,
    );
  }
}

const unansweredUpgrade = "bytes after an upgrade request whose answer could not be read";

const asksSwitch = (exchange: Exchange): boolean => exchange.isConnect || exchange.upgrade !== null;

function grantsSwitch(exchange: Exchange, status: number): boolean {
  return exchange.isConnect ? status >= 200 && status <= 299 : status === 101;
}

function phaseOf(exchange: Exchange): OpenPhase["phase"] {
  if (exchange.response === "frames") return "frames";
  if (exchange.response === "body") return "body";
  return exchange.requestDone ? "headers" : "request";
}
