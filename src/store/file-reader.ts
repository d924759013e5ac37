/** Answers every question about a capture file from a connection of its own that can't write. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Clock } from "../base/clock.ts";
import { BoshscopeError, fail, reasonOf } from "../base/errors.ts";
import type { ConnectionRecord } from "../domain/connection.ts";
import type { ExchangeDetail, ExchangeSummary } from "../domain/exchange.ts";
import type { Finding } from "../domain/finding.ts";
import type {
  CaptureInfo,
  ExchangePage,
  ExchangeQuery,
  LanePage,
  LaneQuery,
  ObservationPage,
  ObservationQuery,
} from "../domain/recording.ts";
import {
  type CaptureRow,
  captureInfo,
  captureInfoColumns,
  captureRowColumns,
} from "./capture-table.ts";
import { connectionRecord } from "./connection-row.ts";
import { type Row, summaryColumns, summaryJson } from "./exchange-row.ts";
import { fileBytes } from "./file-bytes.ts";
import { readFindings } from "./finding-table.ts";
import { frameColumns, webSocketFrame } from "./frame-row.ts";
import { keyOf, parseExchangeId } from "./keys.ts";
import { LaneRows } from "./lane-row.ts";
import {
  contentTypeOf,
  detailColumns,
  headersOf,
  type MessageSide,
  messageDetail,
  type NamedRow,
} from "./message-row.ts";
import { observationPage, vitalsPage } from "./observations.ts";
import { openForReading } from "./open-database.ts";
import type { Changes, ReaderCalls, StoredBody, VitalsPage, VitalsQuery } from "./reader-calls.ts";
import { Search } from "./search.ts";

/** Frames that come with an exchange's detail; more by `frames`. */
const framesShown = 200;

const captureSql = `SELECT ${captureRowColumns} FROM captures WHERE id = ?`;
const detailSql = `SELECT ${detailColumns("request")}, ${detailColumns("response")}, informational
  FROM messages WHERE key = ?`;
const framesSql = `SELECT ${frameColumns} FROM frames
  WHERE exchange = ? AND position >= ? ORDER BY position LIMIT ?`;

export class FileReader implements ReaderCalls {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #search: Search;
  readonly #laneRows: LaneRows;

  /** Throws store-unreadable or store-newer. */
  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#database = openForReading(path);
    this.#search = new Search(this.#database, clock);
    this.#laneRows = new LaneRows(this.#database);
  }

  exchanges(captureId: string, query: ExchangeQuery): Promise<ExchangePage> {
    return this.#reading(() =>
      this.#search.page(this.#capture(query.captureId ?? captureId), query),
    );
  }

  changes(
    captureId: string,
    query: { readonly since: number; readonly upTo: number; readonly query: string },
  ): Promise<Changes> {
    return this.#reading(() => this.#search.changes(this.#capture(captureId), query));
  }

  lanes(captureId: string, query: LaneQuery): Promise<LanePage> {
    return this.#reading(() => this.#laneRows.page(this.#capture(captureId), query));
  }

  exchange(id: string): Promise<ExchangeDetail | null> {
    return this.#reading(() => {
      const place = this.#placeOf(id);
      if (place === null) return null;
      const statement = this.#prepared(`SELECT ${summaryColumns} FROM exchanges e WHERE e.key = ?`);
      statement.setReturnArrays(true);
      const row = statement.get(place.key) as unknown as Row | undefined;
      return row === undefined ? null : this.#detail(place, row);
    });
  }

  body(id: string, side: MessageSide): Promise<StoredBody | null> {
    return this.#reading(() => {
      const place = this.#placeOf(id);
      const row: NamedRow | undefined =
        place === null
          ? undefined
          : this.#prepared(
              `SELECT ${side}_head AS head, ${side}_body AS body FROM messages WHERE key = ?`,
            ).get(place.key);
      const body = row?.["body"];
      if (!(body instanceof Uint8Array)) return null;
      const headers = headersOf(String(row?.["head"]).split("\r\n").slice(1));
      return { bytes: body, contentType: contentTypeOf(headers) };
    });
  }

  frames(
    id: string,
    from: number,
    limit: number,
    whole = false,
  ): Promise<ExchangeDetail["frames"]> {
    return this.#reading(() => {
      const place = this.#placeOf(id);
      return place === null ? [] : this.#framesOf(place.key, from, limit, whole);
    });
  }

  /** By seq, oldest change first. */
  connections(
    captureId: string,
    options: { readonly since?: number; readonly limit: number },
  ): Promise<readonly ConnectionRecord[]> {
    return this.#reading(() => {
      const { ordinal, id } = this.#capture(captureId);
      return this.#database
        .prepare(
          `SELECT seq, record FROM connections
           WHERE seq > ? AND +key BETWEEN ? AND ? ORDER BY seq LIMIT ?`,
        )
        .all(options.since ?? 0, keyOf(ordinal, 0), keyOf(ordinal + 1, 0) - 1, options.limit)
        .map((row) => connectionRecord(row, id));
    });
  }

  connection(captureId: string, id: number): Promise<ConnectionRecord | null> {
    return this.#reading(() => {
      const capture = this.#capture(captureId);
      const row = this.#prepared("SELECT seq, record FROM connections WHERE key = ?").get(
        keyOf(capture.ordinal, id),
      );
      return row === undefined ? null : connectionRecord(row, capture.id);
    });
  }

  /** Oldest first. */
  storedFindings(captureId: string): Promise<readonly Finding[]> {
    return this.#reading(() => readFindings(this.#database, this.#capture(captureId).ordinal));
  }

  /** Newest first. */
  captures(): Promise<readonly CaptureInfo[]> {
    return this.#reading(() =>
      this.#database
        .prepare(`SELECT ${captureInfoColumns} FROM captures ORDER BY ordinal DESC`)
        .all()
        .map(captureInfo),
    );
  }

  vitals(captureId: string, query: VitalsQuery): Promise<VitalsPage> {
    return this.#reading(() => vitalsPage(this.#database, this.#capture(captureId).ordinal, query));
  }

  observations(captureId: string, query: ObservationQuery): Promise<ObservationPage> {
    return this.#reading(() =>
      observationPage(this.#database, this.#capture(query.captureId ?? captureId).ordinal, query),
    );
  }

  /** Of the current capture, without hidden rows; bytes are the whole file's. */
  totals(captureId: string): Promise<{ exchanges: number; pending: number; bytes: number }> {
    return this.#reading(() => {
      const { ordinal, clearedTo, id } = this.#capture(captureId);
      const pending = this.#database
        .prepare(
          `SELECT count(*) AS n FROM exchanges
           WHERE state = 'pending' AND key BETWEEN ? AND ?`,
        )
        .get(keyOf(ordinal, clearedTo + 1), keyOf(ordinal + 1, 0) - 1);
      const visible = this.#database
        .prepare("SELECT rows - hidden AS n FROM captures WHERE id = ?")
        .get(id);
      return {
        exchanges: Number(visible?.["n"]),
        pending: Number(pending?.["n"]),
        bytes: fileBytes(this.#database),
      };
    });
  }

  /** What is read from here on is as of now, and stays so until the next call: a lock for each question costs more than its answer. */
  holdStill(): void {
    if (this.#database.isTransaction) this.#database.exec("COMMIT");
    this.#database.exec("BEGIN");
  }

  close(): void {
    this.#database.close();
  }

  /** Gives failures of the file itself their name. */
  async #reading<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      if (thrown instanceof BoshscopeError) throw thrown;
      throw fail("store-unreadable", { path: this.#path, why: reasonOf(thrown) }, thrown);
    }
  }

  /** Once: an export asks the same of each exchange. */
  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const made = this.#database.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }

  #capture(id: string): CaptureRow {
    const row = this.#prepared(captureSql).get(id);
    if (row === undefined) throw fail("not-found", { what: `capture ${id}` });
    return row as unknown as CaptureRow;
  }

  /** null = no such exchange can be shown: not an id, no such capture, or cleared. */
  #placeOf(id: string): Place | null {
    const parsed = parseExchangeId(id);
    if (parsed === null) return null;
    const row = this.#prepared(captureSql).get(parsed.captureId) as unknown as
      | CaptureRow
      | undefined;
    if (row === undefined || parsed.number <= row.clearedTo) return null;
    return { key: keyOf(row.ordinal, parsed.number), captureId: parsed.captureId };
  }

  #detail({ key, captureId }: Place, row: Row): ExchangeDetail {
    const summary = JSON.parse(summaryJson(row, captureId)) as ExchangeSummary;
    const messages: NamedRow = this.#prepared(detailSql).get(key) ?? {};
    const informational = messages["informational"];
    const total = Number(
      this.#prepared("SELECT count(*) AS n FROM frames WHERE exchange = ?").get(key)?.["n"],
    );
    return {
      ...summary,
      request: messageDetail(messages, "request"),
      response: messageDetail(messages, "response"),
      informational:
        typeof informational === "string" ? (JSON.parse(informational) as string[]) : [],
      frames: total === 0 ? [] : this.#framesOf(key, 0, framesShown),
      framesTotal: total,
    };
  }

  #framesOf(key: number, from: number, limit: number, whole = false): ExchangeDetail["frames"] {
    return this.#prepared(framesSql)
      .all(key, from, limit)
      .map((row) => webSocketFrame(row, whole));
  }
}

interface Place {
  readonly key: number;
  readonly captureId: string;
}
