/** Reads a HAR file in two passes: where each entry is and when it began, then the entries in the order of time. One is in memory at a time. */
import type { FileHandle } from "node:fs/promises";
import { fail, reasonOf } from "../../base/errors.ts";
import type { ExchangeCopy } from "../exchange-copy.ts";
import { fieldsOf, textIn } from "../loose.ts";
import { EntrySlicer } from "./json-slices.ts";
import { type Place, Places } from "./places.ts";
import { readEntry } from "./read-entry.ts";

export interface HarIndex {
  readonly creator: string;
  readonly entries: number;
  /** The file ended in the middle; what was whole before is read. */
  readonly isCut: boolean;
  /** Of the file's own facts, if Boshscope wrote it. */
  readonly name: string | null;
}

const chunkBytes = 1024 * 1024;
/** Neighbours in time are neighbours in the file as a rule: they are read together, with some that stand before, as many tools write by end. */
const windowBytes = 2 * 1024 * 1024;
const behindBytes = 256 * 1024;

export class HarFile {
  readonly index: HarIndex;
  readonly #file: FileHandle;
  readonly #places: Places;
  /** One for all windows: with one each, dozens of them waited for the garbage collector. */
  readonly #buffer = Buffer.allocUnsafeSlow(windowBytes);

  private constructor(file: FileHandle, places: Places, index: HarIndex) {
    this.#file = file;
    this.#places = places;
    this.index = index;
  }

  /** Throws "file-unreadable" when it is no HAR. `onRead`: bytes read so far. */
  static async open(file: FileHandle, onRead: (bytes: number) => void): Promise<HarFile> {
    const slicer = new EntrySlicer();
    const places = new Places();
    const chunk = Buffer.allocUnsafe(chunkBytes);
    for (let offset = 0; ; ) {
      const { bytesRead } = await file.read(chunk, 0, chunkBytes, offset);
      if (bytesRead === 0) break;
      for (const { start, bytes } of slicer.push(chunk.subarray(0, bytesRead)))
        places.add({ start, length: bytes.length }, startOf(bytes));
      offset += bytesRead;
      onRead(offset);
    }
    const shell = slicer.shell();
    if (shell === null)
      throw fail("file-unreadable", { why: "it is not a HAR: it has no log.entries" });
    const log = fieldsOf(fieldsOf(shell)["log"]);
    return new HarFile(file, places, {
      creator: creatorOf(log),
      entries: places.count,
      isCut: slicer.isCut,
      name: textIn(fieldsOf(log["_finesse"]), "name"),
    });
  }

  async *copies(): AsyncGenerator<ExchangeCopy> {
    let window: Window = { start: 0, bytes: Buffer.alloc(0) };
    let position = 0;
    for (const place of this.#places.byTime()) {
      const { start, length } = place;
      if (start < window.start || start + length > window.start + window.bytes.length)
        window = await this.#read(place);
      const from = start - window.start;
      const copy = readEntry(parse(window.bytes.subarray(from, from + length)), ++position);
      if (copy !== null) yield copy;
    }
  }

  async #read({ start, length }: Place): Promise<Window> {
    const isLarge = behindBytes + length > windowBytes;
    const from = isLarge ? start : Math.max(0, start - behindBytes);
    const bytes = isLarge ? Buffer.allocUnsafe(length) : this.#buffer;
    const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, from);
    return { start: from, bytes: bytes.subarray(0, bytesRead) };
  }
}

/** A part of the file. Nothing that is made of its bytes holds on to them. */
interface Window {
  readonly start: number;
  readonly bytes: Buffer;
}

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
