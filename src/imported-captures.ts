/** Finds imported captures in the data folder and answers for them beside the live one. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Log } from "./base/log.ts";
import type { CaptureInfo, CaptureReader } from "./domain/recording.ts";
import { openReader } from "./store/open-reader.ts";

export const importedFolder = (dataDir: string): string => join(dataDir, "imported");

/** null = there is none of that id. */
export function importedPath(dataDir: string, captureId: string): string | null {
  // An id comes from a URL: no other file may be named by it.
  if (!/^i[0-9a-f]{8}$/.test(captureId)) return null;
  const path = join(importedFolder(dataDir), `${captureId}.boshscope`);
  return existsSync(path) ? path : null;
}

/** Each open reader is a thread. */
const maxOpen = 4;

/** The live capture's reader, which also answers for imported ones whenever these are named. */
export function withImported(live: CaptureReader, dataDir: string, log: Log): CaptureReader {
  const shelf = new Shelf(dataDir, log);
  const ofCapture = (captureId: string | undefined): CaptureReader =>
    (captureId === undefined ? null : shelf.reader(captureId)) ?? live;
  const ofExchange = (id: string): CaptureReader => ofCapture(id.slice(0, id.lastIndexOf("-")));
  return {
    exchanges: (query) => ofCapture(query.captureId).exchanges(query),
    changes: (query) => live.changes(query),
    lanes: (query) => live.lanes(query),
    exchange: (id) => ofExchange(id).exchange(id),
    body: (id, side) => ofExchange(id).body(id, side),
    frames: (id, from, limit, whole) => ofExchange(id).frames(id, from, limit, whole),
    connections: (options) => live.connections(options),
    connection: (id, captureId) => ofCapture(captureId).connection(id, captureId),
    captures: async () => [...(await live.captures()), ...(await shelf.infos())],
    storedFindings: (captureId) => ofCapture(captureId).storedFindings(captureId),
    observations: (query) => live.observations(query),
    vitals: (query) => live.vitals(query),
    totals: () => live.totals(),
    async close() {
      await shelf.close();
      await live.close();
    },
  };
}

class Shelf {
  readonly #dataDir: string;
  readonly #log: Log;
  /** In order of last use. */
  readonly #open = new Map<string, CaptureReader>();
  /** A file does not change once it is there. */
  readonly #known = new Map<string, CaptureInfo>();

  constructor(dataDir: string, log: Log) {
    this.#dataDir = dataDir;
    this.#log = log;
  }

  reader(captureId: string): CaptureReader | null {
    const path = importedPath(this.#dataDir, captureId);
    if (path === null) return null;
    const reader =
      this.#open.get(captureId) ?? openReader(path, { captureId: () => captureId, log: this.#log });
    this.#open.delete(captureId);
    this.#open.set(captureId, reader);
    if (this.#open.size > maxOpen) this.#closeOldest();
    return reader;
  }

  /** Newest import first. */
  async infos(): Promise<CaptureInfo[]> {
    const folder = importedFolder(this.#dataDir);
    const files = existsSync(folder) ? readdirSync(folder) : [];
    const ids = files.map((file) => /^(i[0-9a-f]{8})\.boshscope$/.exec(file)?.[1]);
    const infos: CaptureInfo[] = [];
    for (const id of ids) {
      const info = id === undefined ? null : await this.#info(id);
      if (info !== null) infos.push(info);
    }
    return infos.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  }

  async close(): Promise<void> {
    const readers = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(readers.map((reader) => reader.close()));
  }

  /** One that is being imported is not there yet. */
  async #info(id: string): Promise<CaptureInfo | null> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const reader = this.reader(id);
    const info = (await reader?.captures())?.find((capture) => capture.id === id) ?? null;
    if (info !== null) this.#known.set(id, info);
    return info;
  }

  #closeOldest(): void {
    const [oldest] = this.#open;
    if (oldest === undefined) return;
    const [captureId, reader] = oldest;
    this.#open.delete(captureId);
    // Who still waits for it is told that it was closed, and asks again.
    reader
      .close()
      .catch((error: unknown) => this.#log.warn("imported.close", { why: String(error) }));
  }
}
