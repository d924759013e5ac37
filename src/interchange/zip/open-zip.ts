/** Reads ZIP entries from a file at random access, with zip.js: ZIP64, ZipCrypto and AES, and archives of many makers. */
import { once } from "node:events";
import type { FileHandle } from "node:fs/promises";
import { PassThrough } from "node:stream";
import {
  type Entry,
  ERR_ENCRYPTED,
  ERR_INVALID_PASSWORD,
  type FileEntry,
  Reader,
  ZipReader,
} from "@zip.js/zip.js";
import { BoshscopeError, fail, reasonOf } from "../../base/errors.ts";

export interface ZipFileEntry {
  readonly name: string;
  readonly isEncrypted: boolean;
  /** Throws "password-needed", or "file-unreadable" when it is damaged or beyond the bound. */
  content(): Promise<Buffer>;
  /** The same in pieces, without a bound of its own: whoever reads it stops when it has enough. */
  chunks(): AsyncGenerator<Uint8Array>;
}

export interface OpenZip {
  entries(): AsyncGenerator<ZipFileEntry>;
  /** The archive's comment; known once entries were read. */
  comment(): string;
}

/** An entry that unpacks to more is an attack: SAZ has one file a message. */
const maxEntryBytes = 256 * 1024 * 1024;
/** Directory and small entries are read in pieces this large, as a read of its own for each header costs more than the bytes. */
const pageBytes = 256 * 1024;

export function openZip(file: FileHandle, size: number, password: string | null): OpenZip {
  const zip = new ZipReader(new FileReader(file, size), {
    useWebWorkers: false,
    ...(password === null ? {} : { password }),
  });
  return {
    async *entries() {
      try {
        for await (const entry of zip.getEntriesGenerator())
          if (!entry.directory) yield asFile(entry);
      } catch (error) {
        throw readable(error);
      }
    },
    comment: () => new TextDecoder().decode(zip.comment),
  };
}

function asFile(entry: Exclude<Entry, { directory: true }>): ZipFileEntry {
  const file: FileEntry = entry;
  return {
    name: entry.filename,
    isEncrypted: entry.encrypted,
    async content() {
      const collected = new Collector();
      try {
        await file.getData(collected.stream, { checkSignature: true });
      } catch (error) {
        throw readable(error);
      }
      return collected.bytes();
    },
    chunks: () => chunksOf(file),
  };
}

async function* chunksOf(file: FileEntry): AsyncGenerator<Uint8Array> {
  const unpacked = new PassThrough();
  const closed = new Promise((resolve) => unpacked.once("close", resolve));
  // zip.js neither closes nor breaks the stream it writes to when the entry is damaged, so that is done here.
  const writable = new WritableStream<Uint8Array>({
    async write(chunk) {
      if (unpacked.destroyed) throw new Error("nobody reads it any more");
      if (!unpacked.write(chunk)) await Promise.race([once(unpacked, "drain"), closed]);
    },
  });
  file.getData(writable, { checkSignature: true }).then(
    () => unpacked.end(),
    (error: unknown) => unpacked.destroy(readable(error)),
  );
  try {
    yield* unpacked as AsyncIterable<Uint8Array>;
  } finally {
    unpacked.destroy();
  }
}

function readable(error: unknown): Error {
  const why = reasonOf(error);
  if (why === ERR_ENCRYPTED) return fail("password-needed", {}, error);
  if (why === ERR_INVALID_PASSWORD)
    return fail("password-needed", { why: "another than the one given" }, error);
  return error instanceof BoshscopeError
    ? error
    : fail("file-unreadable", { why: `its ZIP is damaged: ${why}` }, error);
}

class Collector {
  readonly #parts: Uint8Array[] = [];
  #length = 0;
  readonly stream = new WritableStream<Uint8Array>({
    write: (part) => {
      this.#length += part.length;
      if (this.#length > maxEntryBytes)
        throw fail("file-unreadable", { why: "one of its entries unpacks to more than 256 MB" });
      this.#parts.push(part);
    },
  });

  bytes(): Buffer {
    return Buffer.concat(this.#parts, this.#length);
  }
}

class FileReader extends Reader<FileHandle> {
  readonly #file: FileHandle;
  #page = { start: 0, bytes: Buffer.alloc(0) as Buffer };

  constructor(file: FileHandle, size: number) {
    super(file);
    this.#file = file;
    this.size = size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const { start, bytes } = this.#page;
    if (index < start || index + length > start + bytes.length) {
      const page = Buffer.allocUnsafe(Math.max(length, pageBytes));
      const { bytesRead } = await this.#file.read(page, 0, page.length, index);
      this.#page = { start: index, bytes: page.subarray(0, bytesRead) };
    }
    const from = index - this.#page.start;
    return new Uint8Array(this.#page.bytes.subarray(from, from + length));
  }
}
