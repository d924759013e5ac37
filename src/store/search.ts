/** Pages of summaries and what changed: filters run over the list, newest or oldest first, within a time limit. */
import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import type { Clock } from "../base/clock.ts";
import { fail } from "../base/errors.ts";
import type { ExchangePage, ExchangeQuery } from "../domain/recording.ts";
import type { CaptureRow } from "./capture-table.ts";
import {
  keyOfRow,
  type Row,
  seqOf,
  summariesJson,
  summaryColumns,
  summaryWidth,
} from "./exchange-row.ts";
import { keyOf, numberOf } from "./keys.ts";
import { type Condition, compileQuery } from "./query/compile.ts";
import { parseQuery } from "./query/parse.ts";
import type { Changes } from "./reader-calls.ts";
import { type Range, scanInSlices } from "./sliced-scan.ts";

/** A search that has not filled its page by then gives what it has, and where to go on. */
const pageMs = 10_000;

export class Search {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;
  /** The newest search of each purpose. */
  readonly #newest = new Map<string, object>();

  constructor(database: DatabaseSync, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** One page. Throws query-invalid, and query-stopped when a newer query of the same purpose came. */
  async page(capture: CaptureRow, query: ExchangeQuery): Promise<ExchangePage> {
    const condition = compileQuery(parseQuery(query.query ?? ""), this.#clock.wall());
    const { range, read } =
      query.before === undefined
        ? this.#bySeq(capture, query, condition)
        : this.#byNumber(capture, query, query.before, condition);
    const limit = Math.max(1, Math.floor(query.limit));
    const rows: Row[] = [];
    // One row more than wanted tells whether there is another page.
    const rest = await scanInSlices(
      range,
      (slice) => {
        rows.push(...read(slice, limit + 1 - rows.length));
        return rows.length <= limit;
      },
      this.#goOn(query.purpose),
      () => this.#clock.mono(),
    );
    const isFull = rows.length > limit;
    const page = isFull ? rows.slice(0, limit) : rows;
    const last = isFull ? page.at(-1) : undefined;
    return {
      rows: summariesJson(page, capture.id),
      count: page.length,
      next: last === undefined ? cursorAfter(range, rest) : cursorAt(range, last),
      more: isFull || rest !== null,
    };
  }

  /** See the contract. With `since` = `upTo` only open rows are tested again, when their age matters. */
  async changes(
    capture: CaptureRow,
    query: { readonly since: number; readonly upTo: number; readonly query: string },
  ): Promise<Changes> {
    const { since, upTo } = query;
    const condition = compileQuery(parseQuery(query.query), this.#clock.wall());
    const read = this.#tested(condition, "e.seq BETWEEN ? AND ? AND +e.key BETWEEN ? AND ?");
    const all = [keyOf(capture.ordinal, 0), keyOf(capture.ordinal + 1, 0) - 1] as const;
    const tested: Row[] = [];
    const rest = await scanInSlices(
      { from: since + 1, to: upTo, descending: false },
      ({ from, to }) => {
        tested.push(...read([from, to, ...all]));
        return true;
      },
      this.#goOn(undefined),
      () => this.#clock.mono(),
    );
    if (rest !== null)
      throw fail("query-stopped", { why: `it took longer than ${pageMs / 1000} s` });
    if (condition.ages) {
      const open = this.#tested(
        condition,
        "e.state = 'pending' AND e.key BETWEEN ? AND ? AND e.seq <= ?",
      );
      tested.push(...open([...all, since]));
    }
    return this.#sorted(capture, tested, this.#deleted(capture, since, upTo));
  }

  #sorted(capture: CaptureRow, tested: readonly Row[], deleted: readonly number[]): Changes {
    const isVisible = (row: Row) => numberOf(keyOfRow(row)) > capture.clearedTo;
    const matches = tested.filter((row) => row[summaryWidth] === 1 && isVisible(row));
    const others = tested.filter((row) => row[summaryWidth] !== 1 || !isVisible(row));
    const gone = [...others.map(keyOfRow), ...deleted];
    return {
      rows: summariesJson(matches, capture.id),
      gone: gone.map((key) => `${capture.id}-${numberOf(key)}`),
    };
  }

  #tested(condition: Condition, where: string): (parameters: readonly SQLInputValue[]) => Row[] {
    const statement = this.#database.prepare(
      `SELECT ${summaryColumns}, ${condition.sql} FROM exchanges e WHERE ${where} ORDER BY e.seq`,
    );
    statement.setReturnArrays(true);
    return (parameters) =>
      statement.all(...condition.parameters, ...parameters) as unknown as Row[];
  }

  #deleted(capture: CaptureRow, since: number, upTo: number): number[] {
    return this.#database
      .prepare("SELECT key FROM deleted WHERE seq > ? AND seq <= ? AND key BETWEEN ? AND ?")
      .all(since, upTo, keyOf(capture.ordinal, 0), keyOf(capture.ordinal + 1, 0) - 1)
      .map((row) => Number(row["key"]));
  }

  #bySeq(capture: CaptureRow, query: ExchangeQuery, condition: Condition): Plan {
    const state = this.#database.prepare("SELECT seq FROM store").get();
    const newest = Number(state?.["seq"] ?? 0);
    const range = {
      from: (query.since ?? 0) + 1,
      to: Math.min(query.upTo ?? newest, newest),
      descending: false,
    };
    // The + keeps SQLite from walking the table by key instead of the index by seq.
    const read = this.#matching(
      condition,
      "e.seq BETWEEN ? AND ? AND +e.key BETWEEN ? AND ?",
      "e.seq",
    );
    const visible = [keyOf(capture.ordinal, capture.clearedTo + 1), keyOf(capture.ordinal + 1, 0)];
    return { range, read: ({ from, to }, limit) => read([from, to, ...visible], limit) };
  }

  #byNumber(capture: CaptureRow, query: ExchangeQuery, before: number, condition: Condition): Plan {
    const lowest = keyOf(capture.ordinal, capture.clearedTo + 1);
    const highest = keyOf(capture.ordinal, Math.max(0, before)) - 1;
    const within = "FROM exchanges WHERE key BETWEEN ?1 AND ?2";
    const held = this.#database
      .prepare(`SELECT (SELECT min(key) ${within}) AS low, (SELECT max(key) ${within}) AS high`)
      .get(lowest, Math.min(highest, keyOf(capture.ordinal + 1, 0) - 1));
    const range = {
      from: Number(held?.["low"] ?? lowest),
      to: Number(held?.["high"] ?? lowest - 1),
      descending: true,
    };
    const read = this.#matching(condition, "e.key BETWEEN ? AND ? AND e.seq <= ?", "e.key DESC");
    const upTo = query.upTo ?? Number.MAX_SAFE_INTEGER;
    return { range, read: ({ from, to }, limit) => read([from, to, upTo], limit) };
  }

  #matching(
    condition: Condition,
    where: string,
    order: string,
  ): (parameters: readonly SQLInputValue[], limit: number) => Row[] {
    const statement = this.#database.prepare(
      `SELECT ${summaryColumns} FROM exchanges e
       WHERE ${where} AND ${condition.sql} ORDER BY ${order} LIMIT ?`,
    );
    statement.setReturnArrays(true);
    return (parameters, limit) =>
      statement.all(...parameters, ...condition.parameters, limit) as unknown as Row[];
  }

  /** Asked between slices. */
  #goOn(purpose: string | undefined): () => boolean {
    const until = this.#clock.mono() + pageMs;
    const self = {};
    if (purpose !== undefined) this.#newest.set(purpose, self);
    return () => {
      if (purpose !== undefined && this.#newest.get(purpose) !== self) {
        throw fail("query-stopped", { why: "a newer one took its place" });
      }
      return this.#clock.mono() < until;
    };
  }
}

interface Plan {
  readonly range: Range;
  readonly read: (slice: Range, limit: number) => Row[];
}

const cursorAt = (range: Range, row: Row): number =>
  range.descending ? numberOf(keyOfRow(row)) : seqOf(row);

/** Where a page goes on that read its range to the end, or up to the time limit. */
function cursorAfter(range: Range, rest: Range | null): number {
  if (range.descending) return numberOf(rest === null ? range.from : rest.to + 1);
  return rest === null ? Math.max(range.to, range.from - 1) : rest.from - 1;
}
