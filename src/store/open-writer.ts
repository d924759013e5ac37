/** The writing side of a capture file: one per data folder, used in the recorder's thread, every call synchronous and atomic. */
import { randomBytes } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Clock } from "../base/clock.ts";
import { fail } from "../base/errors.ts";
import type { Finding } from "../domain/finding.ts";
import type {
  Amendment,
  CaptureInfo,
  CaptureWriter,
  CommitBatch,
  StoredConnection,
  StoredExchange,
  StoredFrame,
  StoredObservation,
} from "../domain/recording.ts";
import type { VitalsSample } from "../domain/vitals.ts";
import { Amending } from "./amending.ts";
import { type CaptureRow, CaptureTable } from "./capture-table.ts";
import { carryConnections } from "./carry-connections.ts";
import { connectionValues, saveConnectionSql } from "./connection-row.ts";
import { endPrevious } from "./end-previous.ts";
import {
  boundValues,
  type Row,
  saveExchangeSql,
  summariesJson,
  summaryColumns,
} from "./exchange-row.ts";
import { fileBytes } from "./file-bytes.ts";
import { FindingTable } from "./finding-table.ts";
import { captureOf, keyOf, numberOf, parseExchangeId } from "./keys.ts";
import { LaneRows } from "./lane-row.ts";
import { messageValues, saveMessagesSql } from "./message-row.ts";
import { Observations } from "./observations.ts";
import { openForWriting } from "./open-database.ts";
import { type Bounds, Retention } from "./retention.ts";
import { FrameTable } from "./save-frame.ts";
import { inTransaction, storeFailure } from "./transaction.ts";

export interface WriterOptions {
  /** Short and random; first half of every exchange id. */
  readonly captureId: string;
  readonly name: string;
  readonly clock: Clock;
  readonly secretsKept: boolean;
}

/** The contract, and what a recorder needs to publish its own commits without asking the reader. */
export interface PublishingWriter extends CaptureWriter {
  /** JSON text of the summaries with a seq above `since` up to `upTo`, in seq order; hidden rows are left out. */
  summaries(since: number, upTo: number): string;
  /** JSON text of the lane marks of the same rows. */
  laneMarks(since: number, upTo: number): string;
}

/**
 * Opens or makes the file, ends what a previous process left open, and begins the capture (or goes on with the one of that id).
 * Throws store-unreadable, store-newer or store-failed.
 */
export function openWriter(path: string, options: WriterOptions): PublishingWriter {
  const database = openForWriting(path);
  try {
    return new SqliteWriter(database, options);
  } catch (thrown) {
    database.close();
    throw storeFailure(thrown);
  }
}

/** An exchange that was saved as pending: where its later saves go, also after a new capture has begun. */
interface OpenExchange {
  readonly key: number;
  readonly atWall: number;
  /** Deleted by somebody, or cleared for good, while it was open: its later saves must not bring it back. */
  readonly isGone: boolean;
}

export class SqliteWriter implements PublishingWriter {
  readonly #database: DatabaseSync;
  readonly #options: WriterOptions;
  readonly #captures: CaptureTable;
  readonly #retention: Retention;
  readonly #saveExchange: StatementSync;
  readonly #saveMessages: StatementSync;
  readonly #frames: FrameTable;
  readonly #observations: Observations;
  readonly #findings: FindingTable;
  readonly #saveConnection: StatementSync;
  readonly #saveSeq: StatementSync;
  readonly #exists: StatementSync;
  readonly #isDeleted: StatementSync;
  readonly #changed: StatementSync;
  readonly #amending: Amending;
  readonly #laneRows: LaneRows;
  readonly #open = new Map<number, OpenExchange>();
  #capture: CaptureRow;
  #seq = 0;
  /** Highest exchange number of the current capture: a save above it is surely new. */
  #highest = 0;

  constructor(database: DatabaseSync, options: WriterOptions) {
    this.#database = database;
    this.#options = options;
    this.#captures = new CaptureTable(database);
    this.#retention = new Retention(database, this.#captures, options.clock);
    this.#saveExchange = database.prepare(saveExchangeSql);
    this.#saveMessages = database.prepare(saveMessagesSql);
    this.#frames = new FrameTable(database);
    this.#observations = new Observations(database);
    this.#findings = new FindingTable(database);
    this.#saveConnection = database.prepare(saveConnectionSql);
    this.#saveSeq = database.prepare("UPDATE store SET seq = ?, last_wall = ?");
    this.#exists = database.prepare("SELECT 1 FROM exchanges WHERE key = ?");
    this.#isDeleted = database.prepare("SELECT 1 FROM deleted WHERE key = ?");
    this.#changed = database.prepare(
      `SELECT ${summaryColumns} FROM exchanges e WHERE e.seq > ? AND e.seq <= ?
       AND +e.key > ? AND +e.key < ? ORDER BY e.seq`,
    );
    this.#changed.setReturnArrays(true);
    this.#amending = new Amending(database);
    this.#laneRows = new LaneRows(database);
    this.#capture = this.#begin();
    this.#highest = this.#captures.highestNumber(this.#capture.ordinal);
  }

  get captureId(): string {
    return this.#capture.id;
  }

  get seq(): number {
    return this.#seq;
  }

  commit(batch: CommitBatch): number {
    let highest = this.#highest;
    const seq = this.#transact((next) => {
      let added = 0;
      let addedHidden = 0;
      for (const exchange of batch.exchanges) {
        const isNew = this.#save(exchange, next, highest);
        if (isNew && exchange.number > highest) highest = exchange.number;
        if (isNew) added += 1;
        if (isNew && exchange.number <= this.#capture.clearedTo) addedHidden += 1;
      }
      for (const frame of batch.frames) this.#addFrame(frame);
      for (const connection of batch.connections) this.#addConnection(connection, next());
      this.#captures.count(this.#capture.ordinal, added, addedHidden);
    });
    // Only now is it sure: a refused transaction must leave these as they were.
    this.#highest = highest;
    for (const exchange of batch.exchanges) this.#remember(exchange);
    return seq;
  }

  summaries(since: number, upTo: number): string {
    const { ordinal, clearedTo, id } = this.#capture;
    const rows = this.#changed.all(since, upTo, keyOf(ordinal, clearedTo), keyOf(ordinal + 1, 0));
    return summariesJson(rows as unknown as Row[], id);
  }

  laneMarks(since: number, upTo: number): string {
    const { ordinal, clearedTo } = this.#capture;
    const keys = { above: keyOf(ordinal, clearedTo), below: keyOf(ordinal + 1, 0) };
    return this.#laneRows.changed(since, upTo, keys);
  }

  startCapture(name: string): CaptureInfo {
    const id = randomBytes(4).toString("hex");
    const { clock, secretsKept } = this.#options;
    let row = this.#capture;
    this.#transact((next) => {
      this.#captures.end(row.ordinal, clock.wall());
      const begun = this.#captures.begin(id, name, clock.wall(), secretsKept);
      carryConnections(this.#database, this.#saveConnection, {
        from: row.ordinal,
        to: begun.ordinal,
        next,
        wall: clock.wall(),
      });
      row = begun;
    });
    this.#capture = row;
    this.#highest = 0;
    return this.#info(id);
  }

  renameCapture(id: string, name: string): void {
    this.#transact(() => {
      if (!this.#captures.rename(id, name)) throw fail("not-found", { what: `capture ${id}` });
    });
  }

  amend(amendments: readonly Amendment[]): number {
    const { ordinal } = this.#capture;
    return this.#transact((next) => {
      for (const one of amendments) this.#amending.run(one, keyOf(ordinal, one.number), next());
    });
  }

  observe(observations: readonly StoredObservation[], replaces: readonly string[] = []): void {
    this.#transact(() => this.#observations.save(this.#capture.ordinal, observations, replaces));
  }

  saveVitals(samples: readonly VitalsSample[]): void {
    this.#transact(() => this.#observations.saveVitals(this.#capture.ordinal, samples));
  }

  saveFindings(findings: readonly Finding[]): void {
    this.#transact(() => this.#findings.save(this.#capture.ordinal, findings));
  }

  setClientProcess(numbers: readonly number[], name: string): number {
    const update = this.#database.prepare(
      "UPDATE exchanges SET client_process = ?, seq = ? WHERE key = ? AND client_process IS NULL",
    );
    return this.#transact((next) => {
      for (const number of numbers) update.run(name, next(), keyOf(this.#capture.ordinal, number));
    });
  }

  setComment(id: string, comment: string | null): number {
    return this.#setByPeople(
      "UPDATE exchanges SET comment = ?, seq = ? WHERE key = ?",
      id,
      comment,
    );
  }

  setMark(id: string, mark: string | null): number {
    return this.#setByPeople("UPDATE exchanges SET mark = ?, seq = ? WHERE key = ?", id, mark);
  }

  /** Returns the seq of the change. What the clear before hid is dropped by the next calls of `prune`. */
  clear(): number {
    const { clearedTo } = this.#capture;
    const capture = { ...this.#capture, clearedTo: this.#highest, purgedTo: clearedTo };
    const seq = this.#transact((next) => {
      next();
      this.#captures.hideAll(capture);
    });
    this.#capture = capture;
    this.#forget((key) => captureOf(key) === capture.ordinal && numberOf(key) <= capture.purgedTo);
    return seq;
  }

  /** Returns the seq of the change. */
  undoClear(): number {
    const capture = { ...this.#capture, clearedTo: this.#capture.purgedTo };
    const seq = this.#transact((next) => {
      next();
      this.#captures.hide(capture, this.#captures.countTo(capture.ordinal, capture.clearedTo));
    });
    this.#capture = capture;
    return seq;
  }

  /** Returns the seq of the change; ids that are not there are passed over. Later saves of these exchanges are dropped. */
  deleteExchanges(ids: readonly string[]): number {
    const keys = ids.map((id) => this.#keyOfId(id)).filter((key) => key !== null);
    const remove = this.#database.prepare("DELETE FROM exchanges WHERE key = ?");
    const bury = this.#database.prepare("INSERT OR IGNORE INTO deleted (key, seq) VALUES (?, ?)");
    const seq = this.#transact((next) => {
      for (const key of keys) {
        if (Number(remove.run(key).changes) === 0) continue;
        bury.run(key, next());
        this.#captures.countRemoved(captureOf(key), numberOf(key));
      }
    });
    const removed = new Set(keys);
    this.#forget((key) => removed.has(key));
    return seq;
  }

  prune(bounds: Bounds): number {
    try {
      return this.#retention.prune(bounds, this.#capture.ordinal);
    } catch (thrown) {
      throw storeFailure(thrown);
    }
  }

  bytes(): number {
    return fileBytes(this.#database);
  }

  close(): void {
    if (!this.#database.isOpen) return;
    try {
      this.#transact(() => this.#captures.end(this.#capture.ordinal, this.#options.clock.wall()));
    } finally {
      this.#database.close();
    }
  }

  #begin(): CaptureRow {
    const { clock, captureId, name, secretsKept } = this.#options;
    const state = this.#database.prepare("SELECT seq, last_wall FROM store").get();
    this.#seq = Number(state?.["seq"] ?? 0);
    const lastWall = Number(state?.["last_wall"] ?? clock.wall());
    return inTransaction(this.#database, () => {
      this.#seq = endPrevious(this.#database, this.#seq, lastWall);
      const row = this.#captures.begin(captureId, name, clock.wall(), secretsKept);
      this.#saveSeq.run(this.#seq, clock.wall());
      return row;
    });
  }

  /** Runs `work` with a source of seq numbers, and keeps the last one with what it numbered. */
  #transact(work: (next: () => number) => void): number {
    let seq = this.#seq;
    inTransaction(this.#database, () => {
      work(() => {
        seq += 1;
        return seq;
      });
      this.#saveSeq.run(seq, this.#options.clock.wall());
    });
    this.#seq = seq;
    return seq;
  }

  /** True = the row is new. */
  #save(exchange: StoredExchange, next: () => number, highest: number): boolean {
    const open = this.#openOf(exchange);
    if (open?.isGone) return false;
    const { number } = exchange;
    const key = open?.key ?? keyOf(this.#capture.ordinal, number);
    const mayBeKnown = open === undefined && number <= highest;
    const isKnown = open !== undefined || (mayBeKnown && this.#exists.get(key) !== undefined);
    if (!isKnown && mayBeKnown && this.#wasDropped(key, number)) return false;
    this.#saveExchange.run(...boundValues(key, next(), exchange));
    const messages = messageValues(key, exchange);
    if (messages !== null) this.#saveMessages.run(...messages);
    return !isKnown;
  }

  /** Numbers may begin again with a new capture; the moment of the first byte tells two exchanges apart. */
  #openOf(exchange: StoredExchange): OpenExchange | undefined {
    const open = this.#open.get(exchange.number);
    return open?.atWall === exchange.atWall ? open : undefined;
  }

  #wasDropped(key: number, number: number): boolean {
    return number <= this.#capture.purgedTo || this.#isDeleted.get(key) !== undefined;
  }

  #remember(exchange: StoredExchange): void {
    const { number, atWall } = exchange;
    const known = this.#openOf(exchange);
    if (exchange.outcome.kind !== "pending") {
      if (known !== undefined) this.#open.delete(number);
      return;
    }
    if (known !== undefined) return;
    this.#open.set(number, { key: keyOf(this.#capture.ordinal, number), atWall, isGone: false });
  }

  #forget(isGone: (key: number) => boolean): void {
    for (const [number, open] of this.#open) {
      if (isGone(open.key)) this.#open.set(number, { ...open, isGone: true });
    }
  }

  #addFrame(frame: StoredFrame): void {
    const key = this.#open.get(frame.exchange)?.key ?? keyOf(this.#capture.ordinal, frame.exchange);
    this.#frames.save(key, frame);
  }

  #addConnection(connection: StoredConnection, seq: number): void {
    const key = keyOf(this.#capture.ordinal, connection.id);
    this.#saveConnection.run(...connectionValues(key, seq, connection));
  }

  #setByPeople(sql: string, id: string, value: string | null): number {
    const key = this.#keyOfId(id);
    return this.#transact((next) => {
      const changes =
        key === null ? 0 : this.#database.prepare(sql).run(value, next(), key).changes;
      if (Number(changes) === 0) throw fail("not-found", { what: `exchange ${id}` });
    });
  }

  #keyOfId(id: string): number | null {
    const parsed = parseExchangeId(id);
    const capture = parsed === null ? null : this.#captures.find(parsed.captureId);
    return parsed === null || capture === null ? null : keyOf(capture.ordinal, parsed.number);
  }

  #info(id: string): CaptureInfo {
    const info = this.#captures.info(id);
    if (info === null) throw fail("not-found", { what: `capture ${id}` });
    return info;
  }
}
