/**
 * The text files in whatever RTMT, the CLI's `file get`, or a person packed: plain, gz, tar, tar.gz, zip, and these within each other, in any folders.
 * One file after the other, in pieces: nothing is held whole, but a zip inside another archive goes to a temporary file, as its
 * directory stands at its end.
 */
import { createReadStream, createWriteStream } from "node:fs";
import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { createTarDecoder } from "modern-tar";
import {
  BoshscopeError,
  fail,
  fileReasonOf,
  innerReasonOf,
  readRemedyOf,
  reasonOf,
} from "../../base/errors.ts";
import { temporaryFolder } from "../../base/temporary-folder.ts";
import { openZip } from "../zip/open-zip.ts";
import { type ArchiveLimits, Budget, usualLimits } from "./budget.ts";
import { asText, type Bytes, counted, peek } from "./bytes.ts";
import { type FileKind, kindOfFile } from "./file-kind.ts";

/** `text` must be read, or left alone, before the next file is asked for. */
export type Found =
  | { readonly name: string; readonly text: AsyncIterable<string> }
  /** Not read, and why. */
  | { readonly name: string; readonly skipped: string };

/**
 * `name`: as evidence will call it. Throws "file-unreadable" when the file can't be opened, or when a bound is passed; an archive
 * damaged in the middle gives what comes before, and then a skipped file that says so.
 */
export async function* filesIn(
  path: string,
  name: string,
  limits: ArchiveLimits = usualLimits,
): AsyncGenerator<Found> {
  const size = await sizeOf(path);
  const budget = new Budget(limits, size);
  try {
    yield* within({ name, depth: 0, path }, createReadStream(path), budget);
  } catch (error) {
    if (error instanceof BoshscopeError)
      throw fail(
        "file-unreadable",
        { path: name, why: innerReasonOf(error), remedy: error.remedy },
        error,
      );
    throw error;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    const file = await open(path, "r");
    try {
      const stat = await file.stat();
      if (stat.isDirectory()) throw new Error("it is a folder; name its files");
      return stat.size;
    } finally {
      await file.close();
    }
  } catch (error) {
    const why = fileReasonOf(error);
    throw fail("file-unreadable", { path, why, remedy: readRemedyOf(error) }, error);
  }
}

interface Place {
  readonly name: string;
  readonly depth: number;
  /** Where it lies as a file of its own; null = inside an archive. */
  readonly path: string | null;
}

/** A file of any kind: itself if it is text, else what is in it. */
async function* within(place: Place, bytes: Bytes, budget: Budget): AsyncGenerator<Found> {
  const { start, all, stop } = await peek(bytes);
  const kind = kindOfFile(start);
  const isArchive = kind === "zip" || kind === "gzip" || kind === "tar";
  if (kind === "text") {
    budget.takeFile();
    const damage: string[] = [];
    try {
      yield { name: place.name, text: untilDamaged(asText(all, start), damage) };
    } finally {
      await stop();
    }
    for (const why of damage) yield { name: place.name, skipped: why };
    return;
  }
  if (!isArchive || place.depth >= budget.limits.depth) {
    await stop();
    yield { name: place.name, skipped: isArchive ? "packed too often" : reasons[kind] };
    return;
  }
  try {
    if (kind === "zip") yield* inZip(place, all, budget);
    else if (kind === "gzip") yield* inGzip(place, all, budget);
    else yield* inTar(place, all, budget);
  } catch (error) {
    yield { name: place.name, skipped: damageOf(error) };
  }
}

/** The text as far as it can be read, and then why not further: what came before counts. */
async function* untilDamaged(
  text: AsyncIterable<string>,
  damage: string[],
): AsyncGenerator<string> {
  try {
    yield* text;
  } catch (error) {
    damage.push(damageOf(error));
  }
}

/** Throws again what ends all reading: a bound that was passed. */
function damageOf(error: unknown): string {
  if (!(error instanceof BoshscopeError)) return `damaged: ${reasonOf(error)}`;
  if (/ unpacks to more than | holds more than /.test(error.message)) throw error;
  return `damaged: ${innerReasonOf(error)}`;
}

const unpackFirst = "packed in a way that is not read here; unpack it first";
const reasons: Readonly<Record<Exclude<FileKind, "text" | "zip" | "gzip" | "tar">, string>> = {
  empty: "empty",
  "7z": unpackFirst,
  rar: unpackFirst,
  bzip2: unpackFirst,
  xz: unpackFirst,
  zstd: unpackFirst,
  binary: "not text",
};

const inside = ({ name, depth }: Place, entry: string): Place => ({
  name: `${name}/${entry.replace(/^(?:\.?[\\/])+/, "")}`,
  depth: depth + 1,
  path: null,
});

async function* inGzip(place: Place, bytes: Bytes, budget: Budget): AsyncGenerator<Found> {
  const name = place.name.replace(/\.(?:gz|gzip|gzo)$/i, "").replace(/\.tgz$/i, ".tar");
  const source = Readable.from(bytes, { objectMode: false });
  const unpacked = createGunzip();
  // Failures of the source are those of what is made of it.
  source.on("error", (error) => unpacked.destroy(error));
  const take = (count: number): void => budget.takeBytes(count);
  try {
    yield* within(
      { name, depth: place.depth + 1, path: null },
      counted(source.pipe(unpacked), take),
      budget,
    );
  } finally {
    source.destroy();
    unpacked.destroy();
  }
}

async function* inTar(place: Place, bytes: Bytes, budget: Budget): AsyncGenerator<Found> {
  const decoder = createTarDecoder({ strict: true });
  const pumped = pump(bytes, decoder.writable);
  try {
    for await (const { header, body } of decoder.readable) {
      const isFile = header.type === undefined || header.type === "file";
      const take = (count: number): void => budget.takeBytes(count);
      if (isFile) yield* within(inside(place, header.name), counted(body, take), budget);
      // The next entry comes only after this one was read or given up.
      if (!body.locked) await body.cancel();
    }
  } finally {
    await pumped;
  }
}

/** What goes wrong here is told by the other end of the stream. */
async function pump(bytes: Bytes, to: WritableStream<Uint8Array>): Promise<void> {
  const writer = to.getWriter();
  try {
    for await (const chunk of bytes) await writer.write(chunk);
    await writer.close();
  } catch (error) {
    await writer.abort(error);
  }
}

async function* inZip(place: Place, bytes: Bytes, budget: Budget): AsyncGenerator<Found> {
  const folder = place.path === null ? temporaryFolder("zip") : null;
  try {
    const path = folder === null ? (place.path ?? "") : join(folder, "inner.zip");
    if (folder !== null)
      await pipeline(Readable.from(bytes), createWriteStream(path, { mode: 0o600 }));
    else await drop(bytes);
    const file = await open(path, "r");
    try {
      const { size } = await file.stat();
      for await (const entry of openZip(file, size, null).entries()) {
        const inner = inside(place, entry.name);
        if (entry.isEncrypted)
          yield { name: inner.name, skipped: "protected by a password; unpack it first" };
        else
          yield* within(
            inner,
            counted(entry.chunks(), (count) => budget.takeBytes(count)),
            budget,
          );
      }
    } finally {
      await file.close();
    }
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }
}

/** Ends a stream that is not needed. */
async function drop(bytes: Bytes): Promise<void> {
  await bytes[Symbol.asyncIterator]().return?.();
}
