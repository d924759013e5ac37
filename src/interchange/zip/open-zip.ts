/** Reads ZIP entries from a file at random access, with zip.js: ZIP64, ZipCrypto and AES, and archives of many makers. */
import type { FileHandle } from "node:fs/promises";
import {
  type Entry,
  ERR_ENCRYPTED,
  ERR_INVALID_PASSWORD,
  type FileEntry,
  Reader,
  ZipReader,
} from "@zip.js/zip.js";
import { fail, reasonOf } from "../../base/errors.ts";

export interface ZipFileEntry {
  readonly name: string;
  readonly isEncrypted: boolean;
  /** Throws "password-needed", or "file-unreadable" when it is damaged or beyond the bound. */
  content(): Promise<Buffer>;
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
  };
}

function readable(error: unknown): unknown {
  const why = reasonOf(error);
  if (why === ERR_ENCRYPTED) return fail("password-needed", {}, error);
  if (why === ERR_INVALID_PASSWORD)
    return fail("password-needed", { why: "another than the one given" }, error);
  return error instanceof Error && error.name === "BoshscopeError"
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
