/** One direction of a connection: heads and bodies one after another, told to a sink as they come. It keeps no body bytes. */
import { ChunkedBody } from "./chunked-body.ts";
import type { Framing } from "./framing.ts";
import { HeadCollector } from "./head-collector.ts";
import type { HeadScanner } from "./head-scanner.ts";

/** What a direction's messages are told to. Bytes are views into the chunk being read. */
export interface MessageSink {
  /** A head is whole; the answer says how its body is framed. */
  head: (head: Uint8Array, facts: HeadScanner, at: number) => Framing;
  /** Content without chunk framing, up to the body limit. */
  body: (bytes: Uint8Array, at: number) => void;
  /** Everything between head and next head, as sent; null: nobody wants it. */
  raw: ((bytes: Uint8Array, at: number) => void) | null;
  /** The message is whole. True: stop here until `resume`, since what follows may not be HTTP. */
  end: (bodyLength: number, trailers: Uint8Array | null, at: number) => boolean;
  /** This direction can't be read any further. Told once. */
  lost: (reason: string, at: number) => void;
}

type Expect = "head" | "counted" | "chunked" | "until-end" | "paused" | "lost";

export class MessageReader {
  readonly #kind: "request" | "response";
  readonly #sink: MessageSink;
  readonly #bodyLimit: number;
  readonly #collector: HeadCollector;
  #expect: Expect = "head";
  #chunked: ChunkedBody | null = null;
  /** Of a counted body: bytes still to come. */
  #left = 0;
  #bodyLength = 0;
  /** A message (or a 1xx head) has ended since reading began. */
  #ended = false;

  constructor(
    kind: "request" | "response",
    sink: MessageSink,
    limits: { readonly bodyLimit: number; readonly maxHead: number },
  ) {
    this.#kind = kind;
    this.#sink = sink;
    this.#bodyLimit = limits.bodyLimit;
    this.#collector = new HeadCollector(limits.maxHead);
    this.#collector.begin(kind);
  }

  /** Stopped after a message (or at a 101) because what follows may not be HTTP. */
  get paused(): boolean {
    return this.#expect === "paused";
  }

  get isLost(): boolean {
    return this.#expect === "lost";
  }

  /** In the middle of a message: bytes of it have come, not all. */
  get isMid(): boolean {
    if (this.#expect === "head") return this.#collector.started;
    return this.#expect !== "paused" && this.#expect !== "lost";
  }

  /** Reads all it can and returns the offset of the first byte not taken: less than the length only when paused. */
  read(chunk: Uint8Array, at: number): number {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#expect === "paused") return offset;
      if (this.#expect === "lost") return chunk.length;
      offset = this.#next(chunk, offset, at);
    }
    return offset;
  }

  /** Reads from an offset to the end of the first message (or 1xx head) that ends, and returns where that is. */
  readOne(chunk: Uint8Array, from: number, at: number): number {
    let offset = from;
    this.#ended = false;
    while (offset < chunk.length && !this.#ended) {
      if (this.#expect === "paused") return offset;
      if (this.#expect === "lost") return chunk.length;
      offset = this.#next(chunk, offset, at);
    }
    return offset;
  }

  /** What was held back is HTTP after all. */
  resume(): void {
    if (this.#expect === "paused") this.#expect = "head";
  }

  /** The peer sent FIN: that ends a body of no stated length, and nothing else. */
  end(at: number): void {
    if (this.#expect === "until-end") this.#finish(null, at);
  }

  lose(reason: string, at: number): void {
    if (this.#expect === "lost") return;
    this.#expect = "lost";
    this.#chunked = null;
    this.#collector.begin(this.#kind);
    this.#sink.lost(reason, at);
  }

  #next(chunk: Uint8Array, offset: number, at: number): number {
    return this.#expect === "head" ? this.#head(chunk, offset, at) : this.#body(chunk, offset, at);
  }

  #head(chunk: Uint8Array, offset: number, at: number): number {
    const collector = this.#collector;
    const start = collector.started ? offset : skipLineEnds(chunk, offset);
    if (start === chunk.length) return start;
    const next = collector.read(chunk, start);
    const { scanner, head } = collector;
    if (scanner.state === "failed") this.lose(scanner.problem, at);
    else if (head !== null) this.#beginBody(this.#sink.head(head, scanner, at), at);
    return next;
  }

  #beginBody(framing: Framing, at: number): void {
    this.#collector.begin(this.#kind);
    this.#bodyLength = 0;
    switch (framing.kind) {
      case "none":
        return this.#finish(null, at);
      case "length":
        this.#left = framing.length;
        this.#expect = "counted";
        return;
      case "chunked":
        this.#chunked = new ChunkedBody(this.#collector);
        this.#expect = "chunked";
        return;
      case "until-end":
        this.#expect = "until-end";
        return;
      case "informational":
        this.#ended = true;
        return;
      case "switch":
        this.#ended = true;
        this.#expect = "paused";
        return;
      case "unreadable":
        return this.lose(framing.reason, at);
    }
  }

  #body(chunk: Uint8Array, offset: number, at: number): number {
    const coded = this.#chunked;
    const next =
      coded === null
        ? this.#readPlain(chunk, offset, at)
        : this.#readChunked(coded, chunk, offset, at);
    if (this.#sink.raw !== null && next > offset) this.#sink.raw(chunk.subarray(offset, next), at);
    if (coded === null) {
      if (this.#expect === "counted" && this.#left === 0) this.#finish(null, at);
    } else if (coded.state === "failed") {
      this.lose(coded.problem, at);
    } else if (coded.state === "done") {
      this.#finish(coded.trailers, at);
    }
    return next;
  }

  #readPlain(chunk: Uint8Array, offset: number, at: number): number {
    let end = chunk.length;
    if (this.#expect === "counted") {
      end = Math.min(end, offset + this.#left);
      this.#left -= end - offset;
    }
    this.#content(chunk, offset, end, at);
    return end;
  }

  #readChunked(body: ChunkedBody, chunk: Uint8Array, offset: number, at: number): number {
    let next = offset;
    while (next < chunk.length && body.state === "more") {
      next = body.read(chunk, next);
      if (body.contentEnd > body.contentStart)
        this.#content(chunk, body.contentStart, body.contentEnd, at);
    }
    return next;
  }

  /** Counts all of it, tells what is within the limit. */
  #content(chunk: Uint8Array, start: number, end: number, at: number): void {
    const room = this.#bodyLimit - this.#bodyLength;
    this.#bodyLength += end - start;
    if (room > 0) this.#sink.body(chunk.subarray(start, Math.min(end, start + room)), at);
  }

  #finish(trailers: Uint8Array | null, at: number): void {
    this.#expect = "head";
    this.#ended = true;
    this.#chunked = null;
    this.#collector.begin(this.#kind);
    if (this.#sink.end(this.#bodyLength, trailers, at)) this.#expect = "paused";
  }
}

/** Empty lines between messages are let pass (RFC 9112 2.2). */
function skipLineEnds(chunk: Uint8Array, offset: number): number {
  let at = offset;
  while (at < chunk.length && (chunk[at] === 13 || chunk[at] === 10)) at++;
  return at;
}
