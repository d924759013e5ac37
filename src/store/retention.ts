/**
 * Keeps the file within its bounds: oldest rows go first, in small transactions, and space goes back to the disk in small steps.
 * Rows that are open, marked or commented stay. What was cleared for good goes before anything else.
 */
import { statSync } from "node:fs";
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import type { Clock } from "../base/clock.ts";
import type { CaptureTable } from "./capture-table.ts";
import { fileBytes, usedBytes } from "./file-bytes.ts";
import { keptByFinding, observedByFinding } from "./finding-table.ts";
import { captureOf, keyOf, keySpan, numberOf } from "./keys.ts";
import { busyMs, pragma } from "./open-database.ts";
import { inTransaction } from "./transaction.ts";

export interface Bounds {
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly nowWall: number;
}

/** Rows per transaction: some 20 ms of work. */
const slice = 2000;
/** One call takes about this long at most; what is left waits for the next. The recorder's thread has rows to write. */
const callMs = 200;
/** Once over the bound, go this far below, so that the next row doesn't start it again. */
const lowWater = 0.95;
/** A file larger than this share of its bound gives pages back; below, free pages are simply used again. */
const vacuumAbove = 1.02;
const pagesPerVacuum = 512;
/** A WAL this large was held by a reader at every checkpoint so far: wait for one moment without readers. */
const largeWal = 48 * 1024 * 1024;
/** Slices of a search take less. */
const readerMs = 100;

const prunable = `mark IS NULL AND comment IS NULL AND state <> 'pending' AND NOT ${keptByFinding}`;

interface Candidate {
  readonly key: number;
  readonly at: number;
  readonly connection: number;
}

export class Retention {
  readonly #database: DatabaseSync;
  readonly #captures: CaptureTable;
  readonly #clock: Clock;
  readonly #oldest: StatementSync;
  readonly #remove: StatementSync;
  readonly #hidden: StatementSync;
  readonly #rows: StatementSync;
  readonly #dropObservations: StatementSync;
  readonly #dropOldObservations: StatementSync;

  constructor(database: DatabaseSync, captures: CaptureTable, clock: Clock) {
    this.#database = database;
    this.#captures = captures;
    this.#clock = clock;
    this.#oldest = database.prepare(
      `SELECT key, at, connection FROM exchanges WHERE ${prunable} ORDER BY key LIMIT ?`,
    );
    this.#remove = database.prepare("DELETE FROM exchanges WHERE key = ?");
    this.#hidden = database.prepare(
      `SELECT e.key FROM captures c JOIN exchanges e
         ON e.key BETWEEN c.ordinal * ${keySpan} AND c.ordinal * ${keySpan} + c.purged_to
       WHERE c.purged_to > 0 LIMIT ?`,
    );
    // Loaded logs stay while their capture does: somebody brought them.
    const drop = `DELETE FROM observations WHERE kind IN ('vitals', 'probe') AND NOT ${observedByFinding}`;
    this.#dropObservations = database.prepare(`${drop} AND capture = ? AND last < ?`);
    this.#dropOldObservations = database.prepare(`${drop} AND last < ?`);
    this.#rows = database.prepare("SELECT sum(rows) AS n FROM captures");
  }

  /** Returns how many exchanges went. `current` is the capture that stays even when it is empty. */
  prune(bounds: Bounds, current: number): number {
    const until = this.#clock.mono() + callMs;
    const isLate = () => this.#clock.mono() >= until;
    let removed = this.#purge(isLate);
    let mustShrink = usedBytes(this.#database) > bounds.maxBytes;
    while (!isLate()) {
      const rows = this.#due(bounds, mustShrink);
      if (rows.length === 0) break;
      removed += this.#drop(rows);
      mustShrink &&= usedBytes(this.#database) > bounds.maxBytes * lowWater;
    }
    this.#dropOldObservations.run(bounds.nowWall - bounds.maxAgeMs);
    this.#dropEmptyCaptures(current, bounds.nowWall - bounds.maxAgeMs);
    this.#giveBack(bounds.maxBytes, isLate);
    this.#cutWal();
    return removed;
  }

  #purge(isLate: () => boolean): number {
    let removed = 0;
    while (!isLate()) {
      const keys = this.#hidden.all(slice).map((row) => Number(row["key"]));
      if (keys.length === 0) break;
      inTransaction(this.#database, () => this.#removeAll(keys));
      removed += keys.length;
    }
    return removed;
  }

  /** The oldest rows that must go now: over the age, or as many as should bring the file under its bound. */
  #due(bounds: Bounds, mustShrink: boolean): Candidate[] {
    const forBytes = mustShrink ? this.#rowsOver(bounds.maxBytes * lowWater) : 0;
    const oldestAllowed = bounds.nowWall - bounds.maxAgeMs;
    const first = this.#oldest.get(1);
    const isOld = first !== undefined && Number(first["at"]) < oldestAllowed;
    if (forBytes === 0 && !isOld) return [];
    const rows = this.#oldest.all(isOld ? slice : forBytes).map(candidate);
    const young = rows.findIndex((row) => row.at >= oldestAllowed);
    const forAge = young < 0 ? rows.length : young;
    return sameCapture(rows.slice(0, Math.max(forAge, forBytes)));
  }

  #rowsOver(target: number): number {
    const used = usedBytes(this.#database);
    const rows = Math.max(1, Number(this.#rows.get()?.["n"]));
    return Math.min(slice, Math.max(1, Math.ceil(((used - target) / used) * rows)));
  }

  #drop(rows: readonly Candidate[]): number {
    inTransaction(this.#database, () => {
      this.#removeAll(rows.map((row) => row.key));
      this.#dropConnections(rows);
      const last = rows.at(-1);
      if (last !== undefined) this.#dropObservations.run(captureOf(last.key), last.at);
    });
    return rows.length;
  }

  #removeAll(keys: readonly number[]): void {
    for (const key of keys) {
      this.#remove.run(key);
      this.#captures.countRemoved(captureOf(key), numberOf(key));
    }
  }

  /** Connections that ended before the newest row dropped go with it, unless a row that stays is theirs. */
  #dropConnections(rows: readonly Candidate[]): void {
    const last = rows.at(-1);
    if (last === undefined) return;
    const base = keyOf(captureOf(last.key), 0);
    const newest = rows.reduce((highest, row) => Math.max(highest, row.connection), 0);
    this.#database
      .prepare(
        `DELETE FROM connections WHERE key BETWEEN ?1 AND ?1 + ?2 AND open = 0 AND ended < ?3
         AND key - ?1 NOT IN (SELECT connection FROM exchanges WHERE key BETWEEN ?1 AND ?4)`,
      )
      .run(base, newest, last.at, last.key);
  }

  /** An ended capture without exchanges goes when it has no connections and no logs either, or these are over the age too. */
  #dropEmptyCaptures(current: number, oldestAllowed: number): void {
    const empty = this.#database
      .prepare(
        `SELECT ordinal FROM captures c WHERE rows = 0 AND ordinal <> ? AND ended IS NOT NULL
         AND (ended < ? OR NOT EXISTS (SELECT 1 FROM connections
           WHERE key BETWEEN c.ordinal * ${keySpan} AND (c.ordinal + 1) * ${keySpan} - 1)
           AND NOT EXISTS (SELECT 1 FROM observations
             WHERE capture = c.ordinal AND kind = 'log-file'))`,
      )
      .all(current, oldestAllowed);
    for (const row of empty) {
      const ordinal = Number(row["ordinal"]);
      inTransaction(this.#database, () => {
        this.#database
          .prepare("DELETE FROM connections WHERE key BETWEEN ? AND ?")
          .run(keyOf(ordinal, 0), keyOf(ordinal + 1, 0) - 1);
        this.#database.prepare("DELETE FROM captures WHERE ordinal = ?").run(ordinal);
      });
    }
  }

  #giveBack(maxBytes: number, isLate: () => boolean): void {
    while (!isLate() && fileBytes(this.#database) > maxBytes * vacuumAbove) {
      const free = pragma(this.#database, "freelist_count");
      if (free === 0) return;
      inTransaction(this.#database, () =>
        this.#database.exec(`PRAGMA incremental_vacuum(${Math.min(free, pagesPerVacuum)})`),
      );
    }
  }

  #cutWal(): void {
    const path = this.#database.location();
    if (path === null) return;
    const wal = statSync(`${path}-wal`, { throwIfNoEntry: false });
    if (wal !== undefined && wal.size > largeWal) {
      // A reader in the middle of something is not waited for: there is another prune soon.
      this.#database.exec(`PRAGMA busy_timeout = ${readerMs}`);
      this.#database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
      this.#database.exec(`PRAGMA busy_timeout = ${busyMs}`);
    }
  }
}

const candidate = (row: Readonly<Record<string, SQLOutputValue>>): Candidate => ({
  key: Number(row["key"]),
  at: Number(row["at"]),
  connection: Number(row["connection"]),
});

/** One transaction concerns one capture. */
function sameCapture(rows: readonly Candidate[]): Candidate[] {
  const first = rows[0];
  if (first === undefined) return [];
  const capture = captureOf(first.key);
  return rows.filter((row) => captureOf(row.key) === capture);
}
