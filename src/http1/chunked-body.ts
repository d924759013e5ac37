/** The chunked coding (RFC 9112 7.1), byte by byte where there is framing and in ranges where there is content. */
import type { HeadCollector } from "./head-collector.ts";

type Expect =
  | "size" // the first digit of a chunk size
  | "more-size" // further digits, or what ends them
  | "blank" // white space after the size, which old servers pad with
  | "extension"
  | "size-feed" // LF after CR
  | "content"
  | "content-end" // CR or LF after a chunk's content
  | "content-feed"
  | "trailers";

const lineFeed = 10;
const carriageReturn = 13;

/** Reads one body; a new one for each. */
export class ChunkedBody {
  state: "more" | "done" | "failed" = "more";
  problem = "";
  /** Where the last `read` found content in its chunk; equal = none. */
  contentStart = 0;
  contentEnd = 0;
  /** The trailer section through its empty line; null: none. */
  trailers: Uint8Array | null = null;

  readonly #collector: HeadCollector;
  #expect: Expect = "size";
  /** Size as far as read, then what is left of the chunk. */
  #size = 0;

  /** The direction's collector is free while a body runs, so trailers use it too. */
  constructor(collector: HeadCollector) {
    this.#collector = collector;
  }

  /** Takes framing up to and including one range of content; returns the first offset not taken (the bad byte's, when failed). */
  read(chunk: Uint8Array, offset: number): number {
    this.contentStart = this.contentEnd = 0;
    let at = offset;
    while (at < chunk.length) {
      if (this.#expect === "content") return this.#content(chunk, at);
      if (this.#expect === "trailers") return this.#trailers(chunk, at);
      if (!this.#framing(chunk[at] as number)) return at;
      at++;
    }
    return at;
  }

  #content(chunk: Uint8Array, at: number): number {
    const end = Math.min(chunk.length, at + this.#size);
    this.contentStart = at;
    this.contentEnd = end;
    this.#size -= end - at;
    if (this.#size === 0) this.#expect = "content-end";
    return end;
  }

  #trailers(chunk: Uint8Array, at: number): number {
    const scanner = this.#collector.scanner;
    const end = this.#collector.read(chunk, at);
    if (scanner.state === "failed") {
      this.#fail(scanner.problem);
    } else if (scanner.state === "done") {
      const section = this.#collector.head;
      this.trailers = section !== null && section.length > 2 ? section : null;
      this.state = "done";
    }
    return end;
  }

  /** False when the byte can't be there. */
  #framing(byte: number): boolean {
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- content and trailers never come here
    switch (this.#expect) {
      case "size":
        return this.#digit(byte) || this.#fail("a chunk without a size");
      case "more-size":
        return this.#digit(byte) || this.#afterSize(byte);
      case "blank":
        return this.#afterSize(byte);
      case "extension":
        if (byte === lineFeed) this.#beginChunk();
        return byte !== 0 || this.#fail("a NUL byte in a chunk extension");
      case "size-feed":
        if (byte !== lineFeed) return this.#fail("a chunk size line without its line feed");
        this.#beginChunk();
        return true;
      default:
        return this.#afterContent(byte);
    }
  }

  #afterContent(byte: number): boolean {
    if (byte === lineFeed) this.#expect = "size";
    else if (byte === carriageReturn && this.#expect === "content-end")
      this.#expect = "content-feed";
    else return this.#fail("a chunk longer than its size");
    return true;
  }

  #digit(byte: number): boolean {
    const value = hexadecimal(byte);
    if (value < 0) return false;
    const size = this.#expect === "size" ? value : this.#size * 16 + value;
    if (size > Number.MAX_SAFE_INTEGER) return false;
    this.#size = size;
    this.#expect = "more-size";
    return true;
  }

  #afterSize(byte: number): boolean {
    if (byte === carriageReturn) this.#expect = "size-feed";
    else if (byte === lineFeed) this.#beginChunk();
    else if (byte === 0x3b) this.#expect = "extension";
    else if (byte === 32 || byte === 9) this.#expect = "blank";
    else return this.#fail("a chunk size that can't be read");
    return true;
  }

  #beginChunk(): void {
    this.#expect = this.#size === 0 ? "trailers" : "content";
    if (this.#size === 0) this.#collector.begin("trailers");
  }

  #fail(problem: string): false {
    this.state = "failed";
    this.problem = problem;
    return false;
  }
}

function hexadecimal(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
