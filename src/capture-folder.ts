/**
 * Captures that came from files, each a file of its own under `imported/` of the data folder: the live capture's retention, numbering and
 * crash rules do not concern them, and one can be imported while another Boshscope records.
 */
import { randomBytes } from "node:crypto";
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { basename, join } from "node:path";
import { systemClock } from "./base/clock.ts";
import {
  BoshscopeError,
  codeOf,
  fail,
  fileReasonOf,
  innerReasonOf,
  renamed,
} from "./base/errors.ts";
import { goneAtExit } from "./base/temporary-folder.ts";
import type { CaptureInfo } from "./domain/recording.ts";
import { type Folded, foldCopies, foldEvents } from "./fold-copies.ts";
import { readCopies, selectedIds } from "./interchange/copies.ts";
import type { ExchangeCopy } from "./interchange/exchange-copy.ts";
import { noSuchCapture } from "./interchange/export-copies.ts";
import { type FileFacts, type FileFormat, formatOf, openFile } from "./interchange/open-file.ts";
import { PacketFile } from "./interchange/packets/read-packets.ts";
import { byTime } from "./interchange/replay/by-time.ts";
import { openReaderHere } from "./store/open-reader-here.ts";
import { sealFile } from "./store/seal-file.ts";

export interface ImportOptions {
  /** Left out = the file's. */
  readonly name?: string;
  /** Folder that gets the new capture file. */
  readonly folder: string;
  readonly password: string | null;
  /** Key log for packet captures. */
  readonly keys: string | null;
  readonly keepSecrets: boolean;
  readonly bodyLimit: number;
  /** `bytes`: of the first reading, -1 = not known; then the exchanges taken. */
  readonly onProgress: (progress: { readonly bytes: number; readonly exchanges: number }) => void;
}

export interface Imported extends Folded {
  readonly path: string;
  readonly name: string;
  readonly format: FileFormat;
  readonly facts: FileFacts;
}

/** Throws "file-unreadable", "password-needed", "data-dir-unusable", "store-unreadable", "store-failed"; then no file is left. */
export async function importFile(path: string, options: ImportOptions): Promise<Imported> {
  const format = await formatOf(path);
  const captureId = `i${randomBytes(4).toString("hex")}`;
  makeFolder(options.folder);
  const target = join(options.folder, `${captureId}.boshscope`);
  // Under another name until it is whole: whoever lists captures must not find half of one.
  const partial = join(options.folder, `importing-${captureId}.sqlite`);
  for (const suffix of ["", "-wal", "-shm"]) goneAtExit(partial + suffix);
  try {
    const source =
      format === "pcap" ? packetSource(path, options) : await openSource(path, format, options);
    try {
      const name = options.name ?? basename(path);
      const { keepSecrets, bodyLimit, onProgress } = options;
      const fold = {
        path: partial,
        captureId,
        name,
        keepSecrets,
        bodyLimit,
        onProgress: (exchanges: number) => onProgress({ bytes: -1, exchanges }),
      };
      const folded =
        "events" in source
          ? await foldEvents(source.events(), fold)
          : await foldCopies(source.copies(), fold);
      sealFile(partial);
      renameSync(partial, target);
      return { ...folded, path: target, name, format, facts: source.facts() };
    } finally {
      await source.close();
    }
  } catch (error) {
    removeCapture(partial);
    throw error;
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK);
  } catch (error) {
    const why = codeOf(error) === "EEXIST" ? "a file is in its place" : fileReasonOf(error);
    throw fail("data-dir-unusable", { path, why }, error);
  }
}

/** With what SQLite keeps beside it. */
function removeCapture(path: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
}

export interface CaptureSource {
  /** In order of time. */
  copies(): AsyncIterable<ExchangeCopy>;
  facts(): FileFacts;
  close(): Promise<void>;
}

type SourceOptions = Pick<ImportOptions, "folder" | "password" | "onProgress"> & {
  /** Of a file with several: the id of one, or `newest`: the newest that has exchanges. Left out = all, one after the other. */
  readonly only?: string;
};

/** Opens a capture of any format. `folder`: for a copy while it is open. Throws "file-unreadable", "password-needed", "not-found". */
export async function openCapture(path: string, options: SourceOptions): Promise<CaptureSource> {
  return openSource(path, await formatOf(path), options);
}

async function openSource(
  path: string,
  format: FileFormat,
  options: SourceOptions,
): Promise<CaptureSource> {
  switch (format) {
    case "har":
    case "saz": {
      refuseChoice(options.only === "newest" ? null : (options.only ?? null), path);
      const onRead = (bytes: number): void => options.onProgress({ bytes, exchanges: 0 });
      return openFile(path, { format, password: options.password, onRead });
    }
    case "boshscope":
      return nativeSource(path, options);
    case "pcap":
      throw fail("file-unreadable", {
        path,
        why: "it is a packet capture",
        remedy: "Take it in first: boshscope import FILE --keylog KEYS.",
      });
  }
}

function packetSource(
  path: string,
  { keys, bodyLimit, onProgress }: ImportOptions,
): Omit<CaptureSource, "copies"> & Pick<PacketFile, "events"> {
  const onRead = (packets: number): void => onProgress({ bytes: -1, exchanges: packets });
  const file = new PacketFile(path, { keys, bodyLimit, onRead });
  return {
    events: () => file.events(),
    facts: () => {
      const packets = file.facts();
      return { maker: "tshark", name: null, isCut: packets.isCut, packets };
    },
    close: () => Promise.resolve(),
  };
}

/**
 * Copies one of our own files, with an older schema brought up to date: the file itself stays as it is. Throws "file-unreadable", "store-newer";
 * then nothing is left.
 */
export function copyOfOwn(path: string, copy: string): void {
  try {
    copyFileSync(path, copy);
    // One that is being written, or was never closed, has its newest rows beside it.
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    sealFile(copy);
  } catch (error) {
    removeCapture(copy);
    if (codeIn(error) === "store-newer") throw renamed(error, copy, path);
    throw fail("file-unreadable", { path, why: innerReasonOf(error) }, error);
  }
}

const codeIn = (error: unknown): string => (error instanceof BoshscopeError ? error.code : "");

/** Read from a copy. */
async function nativeSource(path: string, { folder, only }: SourceOptions): Promise<CaptureSource> {
  const copy = join(folder, `opening-${randomBytes(4).toString("hex")}.sqlite`);
  copyOfOwn(path, copy);
  let captureId = "";
  const reader = openReaderHere(copy, () => captureId);
  return {
    copies: () => byTime(named(all())),
    facts: () => ({ maker: "Boshscope", name: null, isCut: false }),
    async close() {
      await reader.close();
      removeCapture(copy);
    },
  };

  async function* named(copies: AsyncGenerator<ExchangeCopy>): AsyncGenerator<ExchangeCopy> {
    try {
      yield* copies;
    } catch (error) {
      throw renamed(error, copy, path);
    }
  }

  async function* all(): AsyncGenerator<ExchangeCopy> {
    const captures = wanted(await reader.captures(), only);
    // One axis: captures follow each other.
    for (const capture of captures.toReversed()) {
      captureId = capture.id;
      const nowWall = capture.endedAt === null ? systemClock.wall() : Date.parse(capture.endedAt);
      const ids = await selectedIds(reader, { captureId, query: "", nowWall });
      for await (const exchange of readCopies(reader, ids, nowWall))
        yield { ...exchange, connection: `${captureId} ${exchange.connection}` };
    }
  }
}

/** Files of other tools have no captures to choose from. Throws "config-invalid". */
export function refuseChoice(captureId: string | null, path: string): void {
  if (captureId === null) return;
  throw fail("config-invalid", {
    problem: `There is no capture ${captureId} in ${path}: a file of another tool is one capture, and has no id.`,
    remedy: "Leave --capture out.",
  });
}

/** Newest first. */
function wanted(
  captures: readonly CaptureInfo[],
  only: string | undefined,
): readonly CaptureInfo[] {
  if (only === undefined) return captures;
  const one = captures.find(({ id, exchanges }) =>
    only === "newest" ? exchanges > 0 : id === only,
  );
  if (one === undefined && only !== "newest") throw noSuchCapture(only, captures);
  return one === undefined ? [] : [one];
}
