/**
 * Writes a ZIP as a stream: each entry is given whole, so that sizes are known before its data; of what was written only the directory
 * is kept (some 80 bytes an entry, where a general library keeps objects). AES-256 as WinZip defines it (AE-2), ZIP64 when needed.
 */
import { crc32, deflateRawSync, type ZlibOptions } from "node:zlib";
import { encryptEntry, overheadBytes } from "./zip-aes.ts";

export interface ZipOptions {
  readonly comment: string;
  /** null = not encrypted. */
  readonly password: string | null;
  /** Random bytes: salts. */
  readonly random: (length: number) => Buffer;
}

/** Versions "needed to extract": a reader refuses an entry that asks for more than it knows, so each asks for no more than it uses. */
const plainVersion = 20;
const zip64Version = 45;
const aesVersion = 51;
const pieceBytes = 64 * 1024;
const stored = 0;
const deflated = 8;
const aes = 99;
const utf8Flag = 0x0800;
const encryptedFlag = 1;
const max16 = 0xffff;
const max32 = 0xffff_ffff;

interface Entry {
  readonly name: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly time: number;
  readonly date: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly extra: Buffer;
}

export class ZipWriter {
  readonly #options: ZipOptions;
  readonly #directory = new Pile();
  #offset = 0;
  #count = 0;

  constructor(options: ZipOptions) {
    this.#options = options;
  }

  /** An entry's bytes as they go into the file. A name that ends in `/` is a folder. */
  add(name: string, content: Uint8Array, at: Date): Buffer {
    const isFolder = name.endsWith("/");
    const packed = isFolder ? Buffer.alloc(0) : deflateRawSync(content, packingOf(content.length));
    const method = isFolder ? stored : deflated;
    const { password, random } = this.#options;
    const isEncrypted = password !== null && !isFolder;
    const data = isEncrypted ? encryptEntry(packed, password, random(16)) : packed;
    const entry: Entry = {
      name: Buffer.from(name, "utf8"),
      flags: utf8Flag | (isEncrypted ? encryptedFlag : 0),
      method: isEncrypted ? aes : method,
      ...dosTime(at),
      // AE-2: the authentication code takes its place, as a CRC tells something of the content.
      crc: isEncrypted ? 0 : crc32(content),
      packed: packed.length + (isEncrypted ? overheadBytes : 0),
      size: content.length,
      extra: isEncrypted ? aesExtra(method) : Buffer.alloc(0),
    };
    const local = Buffer.concat([localHeader(entry), entry.name, entry.extra, data]);
    this.#directory.add(directoryRecord(entry, this.#offset, isFolder));
    this.#offset += local.length;
    this.#count++;
    return local;
  }

  /** The directory and the end, after the last entry. */
  *end(): Generator<Buffer> {
    const start = this.#offset;
    const { size } = this.#directory;
    yield* this.#directory.parts();
    if (this.#count >= max16 || start + size >= max32) yield zip64End(this.#count, start, size);
    const comment = Buffer.from(this.#options.comment, "utf8");
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x0605_4b50, 0);
    end.writeUInt16LE(Math.min(max16, this.#count), 8);
    end.writeUInt16LE(Math.min(max16, this.#count), 10);
    end.writeUInt32LE(Math.min(max32, size), 12);
    end.writeUInt32LE(Math.min(max32, start), 16);
    end.writeUInt16LE(comment.length, 20);
    yield Buffer.concat([end, comment]);
  }
}

/**
 * Small records one after the other in large pieces. Kept as they are, each would hold on to the whole 8 KB of Node's pool that it was cut
 * from: measured, 2 GB for the directory of a 40 MB archive.
 */
class Pile {
  readonly #full: Buffer[] = [];
  #piece = Buffer.allocUnsafeSlow(pieceBytes);
  #used = 0;

  get size(): number {
    return this.#full.length * pieceBytes + this.#used;
  }

  add(record: Buffer): void {
    for (let at = 0; at < record.length; ) {
      const copied = record.copy(this.#piece, this.#used, at);
      at += copied;
      this.#used += copied;
      if (this.#used < pieceBytes) continue;
      this.#full.push(this.#piece);
      this.#piece = Buffer.allocUnsafeSlow(pieceBytes);
      this.#used = 0;
    }
  }

  *parts(): Generator<Buffer> {
    yield* this.#full;
    yield this.#piece.subarray(0, this.#used);
  }
}

function localHeader(entry: Entry): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x0403_4b50, 0);
  header.writeUInt16LE(versionFor(entry), 4);
  writeShared(header, entry, 6);
  return header;
}

function directoryRecord(entry: Entry, offset: number, isFolder: boolean): Buffer {
  const far = offset >= max32;
  const extra = far ? Buffer.concat([entry.extra, zip64Offset(offset)]) : entry.extra;
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x0201_4b50, 0);
  const version = far ? Math.max(zip64Version, versionFor(entry)) : versionFor(entry);
  record.writeUInt16LE(version, 4);
  record.writeUInt16LE(version, 6);
  writeShared(record, { ...entry, extra }, 8);
  record.writeUInt32LE(isFolder ? 0x10 : 0, 38);
  record.writeUInt32LE(far ? max32 : offset, 42);
  return Buffer.concat([record, entry.name, extra]);
}

/** Up to so many bytes neither of the smaller windows is ever full: the result is the same. */
const smallBytes = 3072;
const leastChunk = 64;

/** What zlib prepares for each entry, some 300 KB, takes longer than to pack the small entries that most are. */
const packingOf = (length: number): ZlibOptions => ({
  // One piece, whatever the entry: packed it is hardly ever longer.
  chunkSize: Math.max(leastChunk, length),
  ...(length <= smallBytes ? { windowBits: 13, memLevel: 6 } : {}),
});

const versionFor = ({ method }: Entry): number => (method === aes ? aesVersion : plainVersion);

/** Flags to lengths: the same in both kinds of header. */
function writeShared(header: Buffer, entry: Entry, at: number): void {
  header.writeUInt16LE(entry.flags, at);
  header.writeUInt16LE(entry.method, at + 2);
  header.writeUInt16LE(entry.time, at + 4);
  header.writeUInt16LE(entry.date, at + 6);
  header.writeUInt32LE(entry.crc, at + 8);
  header.writeUInt32LE(entry.packed, at + 12);
  header.writeUInt32LE(entry.size, at + 16);
  header.writeUInt16LE(entry.name.length, at + 20);
  header.writeUInt16LE(entry.extra.length, at + 22);
}

/** WinZip's extra field: AE-2, 256 bits, and how the plain bytes are packed. */
function aesExtra(method: number): Buffer {
  const extra = Buffer.alloc(11);
  extra.writeUInt16LE(0x9901, 0);
  extra.writeUInt16LE(7, 2);
  extra.writeUInt16LE(2, 4);
  extra.write("AE", 6, "latin1");
  extra.writeUInt8(3, 8);
  extra.writeUInt16LE(method, 9);
  return extra;
}

function zip64Offset(offset: number): Buffer {
  const extra = Buffer.alloc(12);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8, 2);
  extra.writeBigUInt64LE(BigInt(offset), 4);
  return extra;
}

function zip64End(count: number, start: number, size: number): Buffer {
  const end = Buffer.alloc(56 + 20);
  end.writeUInt32LE(0x0606_4b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(zip64Version, 12);
  end.writeUInt16LE(zip64Version, 14);
  end.writeBigUInt64LE(BigInt(count), 24);
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(size), 40);
  end.writeBigUInt64LE(BigInt(start), 48);
  end.writeUInt32LE(0x0706_4b50, 56);
  end.writeBigUInt64LE(BigInt(start + size), 64);
  end.writeUInt32LE(1, 72);
  return end;
}

/** UTC, to two seconds: ZIP has no zone. Years before 1980 can't be said. */
function dosTime(at: Date): { time: number; date: number } {
  const year = Math.min(2107, Math.max(1980, at.getUTCFullYear()));
  return {
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    date: ((year - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
  };
}
