/**
 * Cuts the entries out of a HAR without reading the whole: a scan over bytes that knows strings and brackets, and the path to
 * `log.entries`. Each entry is then read by JSON.parse, which is some ten times faster than a parser that reports token by token, and
 * memory holds one entry.
 */
import { fail } from "../../base/errors.ts";

export interface Slice {
  /** Offsets in the file. */
  readonly start: number;
  readonly bytes: Buffer;
}

const quote = 0x22;
const backslash = 0x5c;
const opensObject = 0x7b;
const closesObject = 0x7d;
const opensList = 0x5b;
const closesList = 0x5d;
const colon = 0x3a;

/** An entry with bodies of tens of MB is odd; more than this is no HAR. */
const maxEntryBytes = 256 * 1024 * 1024;
/** Everything around the entries: creator, pages, our own facts. */
const maxShellBytes = 16 * 1024 * 1024;
const maxDepth = 512;

/** Feed it chunks in order; it gives the entries that ended in each. */
export class EntrySlicer {
  /** Depth of brackets; the entries' list is at depth 3 (file, log, list). */
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  /** Offset in the file of the chunk that is being read. */
  #offset = 0;
  /** The last string read at depths 1 and 2: a key, if a colon follows. */
  #stringStart = -1;
  /** What the chunk before had of it. */
  #stringPart = "";
  #lastString = "";
  #keys: string[] = [];
  #entryStart = -1;
  /** Where in the chunk the entry under way, and the text around entries, goes on; -1 = not here. */
  #chunk: Buffer = Buffer.alloc(0);
  #entryFrom = -1;
  #shellFrom = -1;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #inEntries = false;
  /** Text of the file without its entries. */
  #shell: Buffer[] = [];
  #shellBytes = 0;
  #sawEntries = false;

  *push(chunk: Buffer): Generator<Slice> {
    this.#chunk = chunk;
    this.#shellFrom = this.#inEntries ? -1 : 0;
    this.#entryFrom = this.#entryStart >= 0 ? 0 : -1;
    for (let at = 0; at < chunk.length; at++) {
      if (this.#inString) {
        at = this.#endOfString(chunk, at);
        continue;
      }
      const byte = chunk[at];
      if (byte === quote) {
        this.#inString = true;
        this.#stringStart = at + 1;
      } else if (byte === colon) this.#names();
      else if (byte === opensObject || byte === opensList) this.#opens(at, byte);
      else if (byte === closesObject || byte === closesList) {
        const entry = this.#closes(at);
        if (entry !== null) yield entry;
      }
    }
    this.#endChunk();
  }

  #endChunk(): void {
    if (this.#entryFrom >= 0) this.#keepPart(this.#chunk.subarray(this.#entryFrom));
    if (this.#shellFrom >= 0) this.#addShell(this.#chunk.subarray(this.#shellFrom));
    // A string that goes on does so at the next chunk's first byte.
    this.#stringStart = 0;
    this.#offset += this.#chunk.length;
  }

  /** The string before a colon is a key. */
  #names(): void {
    if (this.#isKeyPlace) this.#keys[this.#depth] = this.#lastString;
  }

  #opens(at: number, byte: number): void {
    this.#depth++;
    if (this.#depth > maxDepth) throw fail("file-unreadable", { why: "it is nested too deep" });
    if (this.#isEntriesList(byte)) {
      this.#inEntries = true;
      this.#sawEntries = true;
      this.#addShell(this.#chunk.subarray(this.#shellFrom, at + 1));
      this.#shellFrom = -1;
    } else if (this.#inEntries && this.#depth === 4) {
      this.#entryStart = this.#offset + at;
      this.#entryFrom = at;
    }
  }

  #closes(at: number): Slice | null {
    this.#depth--;
    if (!this.#inEntries) return null;
    if (this.#depth === 3 && this.#entryFrom >= 0) {
      const entry = this.#takeEntry(this.#chunk.subarray(this.#entryFrom, at + 1));
      this.#entryFrom = -1;
      return entry;
    }
    if (this.#depth === 2) {
      this.#inEntries = false;
      this.#shellFrom = at;
    }
    return null;
  }

  /** The file without its entries, once it has been read; null = it was no HAR. */
  shell(): unknown {
    if (!this.#sawEntries) return null;
    try {
      const text = Buffer.concat(this.#shell).toString("utf8");
      return JSON.parse(text.replace(/^\ufeff/, "")) as unknown;
    } catch (error) {
      // A file that was cut in the middle still has its first entries.
      if (error instanceof SyntaxError) return {};
      throw error;
    }
  }

  get isCut(): boolean {
    return this.#depth !== 0;
  }

  /** The index of the string's last byte, or of the chunk's. */
  #endOfString(chunk: Buffer, from: number): number {
    let at = from;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      at++;
    }
    for (;;) {
      const end = chunk.indexOf(quote, at);
      const stop = end < 0 ? chunk.length : end;
      let escapes = 0;
      while (stop - 1 - escapes >= at && chunk[stop - 1 - escapes] === backslash) escapes++;
      const isEscaped = escapes % 2 === 1;
      if (end < 0) {
        this.#isEscaped = isEscaped;
        if (this.#isKeyPlace) this.#stringPart += chunk.toString("latin1", this.#stringStart);
        return chunk.length;
      }
      at = end + 1;
      if (isEscaped) continue;
      this.#inString = false;
      if (this.#isKeyPlace)
        this.#lastString = this.#stringPart + chunk.toString("latin1", this.#stringStart, end);
      this.#stringPart = "";
      return end;
    }
  }

  get #isKeyPlace(): boolean {
    return this.#depth < 3 && !this.#inEntries;
  }

  #isEntriesList(byte: number): boolean {
    return (
      byte === opensList &&
      this.#depth === 3 &&
      !this.#inEntries &&
      this.#keys[1] === "log" &&
      this.#keys[2] === "entries"
    );
  }

  #keepPart(part: Buffer): void {
    this.#pendingBytes += part.length;
    if (this.#pendingBytes > maxEntryBytes)
      throw fail("file-unreadable", { why: "one of its entries is larger than 256 MB" });
    this.#pending.push(Buffer.from(part));
  }

  #takeEntry(last: Buffer): Slice {
    const bytes = this.#pending.length === 0 ? last : Buffer.concat([...this.#pending, last]);
    const start = this.#entryStart;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#entryStart = -1;
    return { start, bytes };
  }

  #addShell(part: Buffer): void {
    this.#shellBytes += part.length;
    if (this.#shellBytes > maxShellBytes)
      throw fail("file-unreadable", {
        why: "it is not a HAR: too much stands outside its entries",
      });
    this.#shell.push(Buffer.from(part));
  }
}
