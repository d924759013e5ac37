/** Table `captures`: which recordings the file holds, how many rows each has, and how far it was cleared. */
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import type { CaptureInfo } from "../domain/recording.ts";
import { isoOf } from "./exchange-row.ts";
import { keyOf, numberOf } from "./keys.ts";

/** A capture as the writer goes on with it. */
export interface CaptureRow {
  readonly ordinal: number;
  readonly id: string;
  /** Rows up to this number are hidden. */
  readonly clearedTo: number;
  /** Rows up to this number are gone for good, or about to be. */
  readonly purgedTo: number;
}

/** For SELECT from `captures`: a CaptureRow. */
export const captureRowColumns = "ordinal, id, cleared_to AS clearedTo, purged_to AS purgedTo";

/** For SELECT from `captures`: what `captureInfo` reads. */
export const captureInfoColumns =
  "id, name, started, ended, secrets_kept, rows - hidden AS visible";

export class CaptureTable {
  readonly #insert: StatementSync;
  readonly #byId: StatementSync;
  readonly #info: StatementSync;
  readonly #rename: StatementSync;
  readonly #end: StatementSync;
  readonly #resume: StatementSync;
  readonly #count: StatementSync;
  readonly #countRemoved: StatementSync;
  readonly #hide: StatementSync;
  readonly #highest: StatementSync;
  readonly #countTo: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(
      "INSERT INTO captures (id, name, started, secrets_kept) VALUES (?, ?, ?, ?)",
    );
    this.#byId = database.prepare(`SELECT ${captureRowColumns} FROM captures WHERE id = ?`);
    this.#info = database.prepare(`SELECT ${captureInfoColumns} FROM captures WHERE id = ?`);
    this.#rename = database.prepare("UPDATE captures SET name = ? WHERE id = ?");
    this.#end = database.prepare("UPDATE captures SET ended = ? WHERE ordinal = ?");
    this.#resume = database.prepare(
      "UPDATE captures SET ended = NULL, secrets_kept = max(secrets_kept, ?) WHERE id = ?",
    );
    this.#count = database.prepare(
      "UPDATE captures SET rows = rows + ?, hidden = hidden + ? WHERE ordinal = ?",
    );
    this.#countRemoved = database.prepare(
      "UPDATE captures SET rows = rows - 1, hidden = hidden - (cleared_to >= ?) WHERE ordinal = ?",
    );
    this.#hide = database.prepare(
      "UPDATE captures SET cleared_to = ?, purged_to = ?, hidden = coalesce(?, rows) WHERE ordinal = ?",
    );
    this.#countTo = database.prepare(
      "SELECT count(*) AS n FROM exchanges WHERE key BETWEEN ? AND ?",
    );
    this.#highest = database.prepare(
      "SELECT max(key) AS key FROM exchanges WHERE key BETWEEN ? AND ?",
    );
  }

  /** Goes on with the capture of that id, or begins it. */
  begin(id: string, name: string, startedWall: number, secretsKept: boolean): CaptureRow {
    if (this.find(id) === null) this.#insert.run(id, name, startedWall, secretsKept ? 1 : 0);
    // Once secrets were kept in a capture they are in it for good.
    else this.#resume.run(secretsKept ? 1 : 0, id);
    const row = this.find(id);
    if (row === null) throw new Error(`capture ${id} is missing after it was made`);
    return row;
  }

  find(id: string): CaptureRow | null {
    const row = this.#byId.get(id);
    return row === undefined ? null : (row as unknown as CaptureRow);
  }

  info(id: string): CaptureInfo | null {
    const row = this.#info.get(id);
    return row === undefined ? null : captureInfo(row);
  }

  /** False = there is no such capture. */
  rename(id: string, name: string): boolean {
    return Number(this.#rename.run(name, id).changes) > 0;
  }

  end(ordinal: number, wall: number): void {
    this.#end.run(wall, ordinal);
  }

  /** Adds to the counts that lists and health show without counting. */
  count(ordinal: number, rows: number, hidden: number): void {
    if (rows !== 0 || hidden !== 0) this.#count.run(rows, hidden, ordinal);
  }

  /** One row went. */
  countRemoved(ordinal: number, number: number): void {
    this.#countRemoved.run(number, ordinal);
  }

  /** Keeps how far the capture is cleared; `hidden` is how many rows that hides. */
  hide(capture: CaptureRow, hidden: number): void {
    this.#hide.run(capture.clearedTo, capture.purgedTo, hidden, capture.ordinal);
  }

  hideAll(capture: CaptureRow): void {
    this.#hide.run(capture.clearedTo, capture.purgedTo, null, capture.ordinal);
  }

  /** The highest exchange number that is stored, 0 when there is none. */
  highestNumber(ordinal: number): number {
    const key = this.#highest.get(keyOf(ordinal, 0), keyOf(ordinal + 1, 0) - 1)?.["key"];
    return typeof key === "number" ? numberOf(key) : 0;
  }

  /** Stored exchanges up to that number. */
  countTo(ordinal: number, number: number): number {
    return Number(this.#countTo.get(keyOf(ordinal, 0), keyOf(ordinal, number))?.["n"]);
  }
}

export function captureInfo(row: Readonly<Record<string, SQLOutputValue>>): CaptureInfo {
  const ended = row["ended"];
  return {
    id: String(row["id"]),
    name: String(row["name"]),
    startedAt: isoOf(row["started"]),
    endedAt: typeof ended === "number" ? isoOf(ended) : null,
    exchanges: Number(row["visible"]),
    secretsKept: row["secrets_kept"] === 1,
  };
}
