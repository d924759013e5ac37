/** Reads a HAR file in two passes: where each entry is and when it began, then the entries in the order of time. One is in memory at a time. */
import type { FileHandle } from "node:fs/promises";
import { fail, reasonOf } from "../../base/errors.ts";
import type { ExchangeCopy } from "../exchange-copy.ts";
import { fieldsOf, textIn } from "../loose.ts";
import { EntrySlicer } from "./json-slices.ts";
import { readEntry } from "./read-entry.ts";

export interface HarIndex {
  readonly creator: string;
  readonly entries: number;
  /** The file ended in the middle; what was whole before is read. */
  readonly isCut: boolean;
  /** Of the file's own facts, if Boshscope wrote it. */
  readonly name: string | null;
}

interface Place {
  readonly start: number;
  readonly length: number;
  readonly wall: number;
}

const chunkBytes = 1024 * 1024;
/** Neighbours in time are neighbours in the file as a rule: they are read together. */
const readAheadBytes = 2 * 1024 * 1024;

export class HarFile {
  readonly index: HarIndex;
  readonly #file: FileHandle;
  readonly #places: readonly Place[];

  private constructor(file: FileHandle, places: readonly Place[], index: HarIndex) {
    this.#file = file;
    this.#places = places;
    this.index = index;
  }

  /** Throws "file-unreadable" when it is no HAR. `onRead`: bytes read so far. */
  static async open(file: FileHandle, onRead: (bytes: number) => void): Promise<HarFile> {
    const slicer = new EntrySlicer();
    const places: Place[] = [];
    const chunk = Buffer.allocUnsafe(chunkBytes);
    for (let offset = 0; ; ) {
      const { bytesRead } = await file.read(chunk, 0, chunkBytes, offset);
      if (bytesRead === 0) break;
      for (const { start, bytes } of slicer.push(chunk.subarray(0, bytesRead)))
        places.push({ start, length: bytes.length, wall: startOf(bytes) });
      offset += bytesRead;
      onRead(offset);
    }
    const shell = slicer.shell();
    if (shell === null)
      throw fail("file-unreadable", { why: "it is not a HAR: it has no log.entries" });
    const log = fieldsOf(fieldsOf(shell)["log"]);
    return new HarFile(file, inOrderOfTime(places), {
      creator: creatorOf(log),
      entries: places.length,
      isCut: slicer.isCut,
      name: textIn(fieldsOf(log["_finesse"]), "name"),
    });
  }

  async *copies(): AsyncGenerator<ExchangeCopy> {
    let window: { start: number; bytes: Buffer } = { start: 0, bytes: Buffer.alloc(0) };
    for (const [position, { start, length }] of this.#places.entries()) {
      if (start < window.start || start + length > window.start + window.bytes.length)
        window = { start, bytes: await this.#read(start, Math.max(length, readAheadBytes)) };
      const from = start - window.start;
      const copy = readEntry(parse(window.bytes.subarray(from, from + length)), position + 1);
      if (copy !== null) yield copy;
    }
  }

  async #read(start: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    const { bytesRead } = await this.#file.read(bytes, 0, length, start);
    return bytes.subarray(0, bytesRead);
  }
}

/** Entries that began together stay in the file's order. */
const inOrderOfTime = (places: readonly Place[]): readonly Place[] =>
  places.every((place, index) => index === 0 || place.wall >= (places[index - 1]?.wall ?? 0))
    ? places
    : places.toSorted((a, b) => a.wall - b.wall);

/** Without reading the whole entry: all tools write it as a string, and most of them first. */
function startOf(bytes: Buffer): number {
  const at = bytes.indexOf('"startedDateTime"');
  if (at < 0) return 0;
  const value = /:\s*"([^"]{1,64})"/.exec(bytes.toString("latin1", at, at + 120))?.[1] ?? "";
  const wall = Date.parse(value);
  return Number.isNaN(wall) ? 0 : wall;
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw fail("file-unreadable", { why: `an entry is no JSON: ${reasonOf(error)}` }, error);
  }
}

function creatorOf(log: ReturnType<typeof fieldsOf>): string {
  const creator = fieldsOf(log["creator"]);
  const browser = fieldsOf(log["browser"]);
  const name = textIn(creator, "name") ?? "unknown";
  const by = [name, textIn(creator, "version"), textIn(browser, "name")];
  return by.filter((part) => part !== null && part !== "").join(" ");
}
