/**
 * Finds the end of a head in one pass over its bytes and notes what framing needs on the way: start line, Content-Length,
 * Transfer-Encoding, Upgrade. It keeps offsets only, so a head that is whole in one chunk is never copied.
 */
import { FieldFacts } from "./field-facts.ts";
import {
  type RequestLine,
  readRequestLine,
  readStatusLine,
  type StatusLine,
} from "./start-line.ts";

/** Trailers are a head without a start line. */
export type HeadKind = "request" | "response" | "trailers";
export type ScanState = "more" | "done" | "failed";

const lineFeed = 10;
const carriageReturn = 13;

/** One per direction, used again for every head; `begin` forgets the last one. */
export class HeadScanner {
  state: ScanState = "more";
  /** Why `state` is "failed". */
  problem = "";
  requestLine: RequestLine | null = null;
  statusLine: StatusLine | null = null;
  readonly fields = new FieldFacts();

  readonly #maxLength: number;
  #kind: HeadKind = "request";
  // Offsets from the head's first byte; the array under them may change between two calls.
  #scanned = 0;
  #line = 0;
  #fieldStart = -1;
  #fieldEnd = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  begin(kind: HeadKind): void {
    this.state = "more";
    this.problem = "";
    this.requestLine = null;
    this.statusLine = null;
    this.fields.clear();
    this.#kind = kind;
    this.#scanned = 0;
    this.#line = 0;
    this.#fieldStart = -1;
  }

  /**
   * Goes on with the head whose first byte is at `start`; bytes before the last call's end are not read again.
   * Returns the offset after the empty line, of the byte that can't be, or `end`: see `state`.
   */
  scan(bytes: Uint8Array, start: number, end: number): number {
    const stop = Math.min(end, start + this.#maxLength);
    for (let at = start + this.#scanned; at < stop; at++) {
      const byte = bytes[at] as number;
      if (byte > lineFeed) continue;
      if (byte === lineFeed) {
        if (this.#endLine(bytes, start, at)) return this.state === "done" ? at + 1 : at;
      } else if (byte === 0) {
        return this.#fail(`a NUL byte in a ${this.#name}`, at);
      }
    }
    this.#scanned = stop - start;
    if (this.#scanned < this.#maxLength) return stop;
    return this.#fail(`a ${this.#name} longer than ${this.#maxLength} bytes`, stop);
  }

  get #name(): string {
    return this.#kind === "trailers" ? "trailer section" : "head";
  }

  /** True when this line was the last to read. */
  #endLine(bytes: Uint8Array, start: number, at: number): boolean {
    const line = start + this.#line;
    const end = at > line && bytes[at - 1] === carriageReturn ? at - 1 : at;
    this.#line = at + 1 - start;
    if (end === line) {
      this.#endField(bytes, start);
      this.state = "done";
      return true;
    }
    if (line === start && this.#kind !== "trailers") return !this.#startLine(bytes, line, end);
    if (bytes[line] !== 32 && bytes[line] !== 9) {
      this.#endField(bytes, start);
      this.#fieldStart = line - start;
    } else if (this.#fieldStart < 0) {
      this.#fail("a first header line that begins with white space", at);
      return true;
    }
    this.#fieldEnd = end - start;
    return false;
  }

  #startLine(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#kind === "request") {
      const line = readRequestLine(bytes, start, end);
      if (typeof line === "string") this.#fail(line, end);
      else this.requestLine = line;
    } else {
      const line = readStatusLine(bytes, start, end);
      if (typeof line === "string") this.#fail(line, end);
      else this.statusLine = line;
    }
    return this.state !== "failed";
  }

  /** A field is whole only when the next line is seen not to be its continuation. */
  #endField(bytes: Uint8Array, start: number): void {
    if (this.#fieldStart < 0 || this.#kind === "trailers") return;
    const first = (bytes[start + this.#fieldStart] as number) | 0x20;
    // Only content-length, transfer-encoding and upgrade matter: c, t, u.
    if (first === 0x63 || first === 0x74 || first === 0x75)
      this.fields.read(bytes, start + this.#fieldStart, start + this.#fieldEnd);
  }

  #fail(problem: string, at: number): number {
    this.state = "failed";
    this.problem = problem;
    return at;
  }
}
