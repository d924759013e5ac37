/** One direction of a WebSocket (RFC 6455 5.2): frames as sent, fragments left as fragments, nothing inflated. */
import { GrowingBytes } from "./growing-bytes.ts";

/** One frame. A control frame between two fragments comes where it was sent. */
export interface Frame {
  /** 0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong. */
  readonly opcode: number;
  readonly final: boolean;
  /** RSV1 on the first frame of this frame's message (permessage-deflate); false for control frames. */
  readonly compressed: boolean;
  /** Payload bytes, also those past the limit. */
  readonly length: number;
  /** Payload without its mask, the first `bodyLimit` bytes: a view into the chunk where it needs no copy. */
  readonly bytes: Uint8Array;
}

export interface FrameSink {
  frame: (frame: Frame, at: number) => void;
  /** This direction can't be read any further. Told once. */
  lost: (reason: string, at: number) => void;
}

const nothing = new Uint8Array(0);

export class WebSocketFrames {
  readonly #sink: FrameSink;
  readonly #limit: number;
  #lost = false;
  // The header, as far as it has come; `#headerLength` is 2 until the second byte has said more.
  #headerAt = 0;
  #headerLength = 2;
  #first = 0;
  #second = 0;
  #length = 0;
  /** Masking key, first byte highest. */
  #key = 0;
  /** Payload bytes still to come; the frame is in its payload while a header is whole. */
  #left = 0;
  #kept: GrowingBytes | null = null;
  #messageCompressed = false;
  /** A frame has ended since reading began. */
  #ended = false;

  constructor(sink: FrameSink, limit: number) {
    this.#sink = sink;
    this.#limit = limit;
  }

  read(chunk: Uint8Array, offset: number, at: number): void {
    let next = offset;
    while (next < chunk.length && !this.#lost) next = this.#next(chunk, next, at);
  }

  /** Reads from an offset to the end of the first frame that ends, and returns where that is. */
  readOne(chunk: Uint8Array, offset: number, at: number): number {
    let next = offset;
    this.#ended = false;
    while (next < chunk.length && !this.#lost && !this.#ended) next = this.#next(chunk, next, at);
    return this.#lost ? chunk.length : next;
  }

  /** In the middle of a frame. */
  get isMid(): boolean {
    return !this.#lost && this.#headerAt > 0;
  }

  get isLost(): boolean {
    return this.#lost;
  }

  #next(chunk: Uint8Array, offset: number, at: number): number {
    if (this.#headerAt >= this.#headerLength) return this.#payload(chunk, offset, at);
    const problem = this.#header(chunk[offset] as number);
    if (problem !== null) this.#lose(problem, at);
    else if (this.#headerAt === this.#headerLength) this.#beginPayload(at);
    return offset + 1;
  }

  /** Takes one byte of the header; a sentence means that the peer must fail the connection here. */
  #header(byte: number): string | null {
    const at = this.#headerAt++;
    if (at === 0) {
      this.#first = byte;
      const opcode = byte & 15;
      return isKnown(opcode) ? null : `a WebSocket frame with the reserved opcode ${opcode}`;
    }
    if (at === 1) return this.#secondByte(byte);
    if (at >= this.#headerLength - this.#maskLength) this.#key = (this.#key << 8) | byte;
    else this.#length = this.#length * 256 + byte;
    return this.#length > Number.MAX_SAFE_INTEGER ? "a WebSocket frame of impossible length" : null;
  }

  #secondByte(byte: number): string | null {
    this.#second = byte;
    const length = byte & 127;
    const isControl = (this.#first & 8) !== 0;
    if (isControl && (length > 125 || (this.#first & 128) === 0))
      return "a WebSocket control frame that is fragmented or longer than 125 bytes";
    const extended = length === 126 ? 2 : length === 127 ? 8 : 0;
    this.#length = extended > 0 ? 0 : length;
    this.#headerLength = 2 + extended + this.#maskLength;
    return null;
  }

  get #maskLength(): number {
    return (this.#second & 128) === 0 ? 0 : 4;
  }

  #beginPayload(at: number): void {
    this.#left = this.#length;
    const opcode = this.#first & 15;
    if (opcode === 1 || opcode === 2) this.#messageCompressed = (this.#first & 64) !== 0;
    if (this.#length === 0) this.#emit(nothing, at);
  }

  #payload(chunk: Uint8Array, offset: number, at: number): number {
    const end = Math.min(chunk.length, offset + this.#left);
    const before = this.#length - this.#left;
    this.#left -= end - offset;
    const keepEnd = Math.min(end, offset + Math.max(this.#limit - before, 0));
    const isWhole = before === 0 && this.#left === 0;
    if (isWhole && this.#maskLength === 0) {
      this.#emit(chunk.subarray(offset, keepEnd), at);
      return end;
    }
    if (keepEnd > offset) {
      this.#kept ??= new GrowingBytes();
      this.#kept.append(chunk, offset, keepEnd);
      if (this.#maskLength > 0) this.#unmask(this.#kept.view(), before);
    }
    if (this.#left === 0) this.#emit(this.#kept?.view() ?? nothing, at);
    return end;
  }

  /** Kept bytes start with the payload, so an offset in them is an offset in the key's cycle. */
  #unmask(kept: Uint8Array, from: number): void {
    for (let at = from; at < kept.length; at++)
      kept[at] = (kept[at] as number) ^ (this.#key >>> (24 - 8 * (at & 3)));
  }

  #emit(bytes: Uint8Array, at: number): void {
    const opcode = this.#first & 15;
    const frame: Frame = {
      opcode,
      final: (this.#first & 128) !== 0,
      compressed: opcode < 8 && this.#messageCompressed,
      length: this.#length,
      bytes,
    };
    this.#headerAt = 0;
    this.#headerLength = 2;
    this.#kept = null;
    this.#ended = true;
    this.#sink.frame(frame, at);
  }

  #lose(reason: string, at: number): void {
    this.#lost = true;
    this.#kept = null;
    this.#sink.lost(reason, at);
  }
}

const isKnown = (opcode: number): boolean => opcode <= 2 || (opcode >= 8 && opcode <= 10);
