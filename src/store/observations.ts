/** Table `observations`: vitals, probes, log files and their lines. They belong to a capture, and go with it. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { ObservationPage, ObservationQuery, StoredObservation } from "../domain/recording.ts";
import type { VitalsSample } from "../domain/vitals.ts";
import type { VitalsPage, VitalsQuery } from "./reader-calls.ts";
import { packVitals, unpackVitals } from "./vitals-block.ts";

export class Observations {
  readonly #insert: StatementSync;
  readonly #forgetFile: StatementSync;

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare(
      `INSERT INTO observations (capture, kind, first, last, agent, file, data)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#forgetFile = database.prepare("DELETE FROM observations WHERE capture = ? AND file = ?");
  }

  save(
    ordinal: number,
    observations: readonly StoredObservation[],
    replaces: readonly string[],
  ): void {
    for (const file of replaces) this.#forgetFile.run(ordinal, file);
    for (const { kind, first, last, agent, file, data } of observations)
      this.#insert.run(ordinal, kind, first, last, agent, file, data);
  }

  saveVitals(ordinal: number, samples: readonly VitalsSample[]): void {
    for (let start = 0; start < samples.length; start += perBlock) {
      const block = samples.slice(start, start + perBlock);
      // Not in order when the clock was set meanwhile.
      const times = block.map(({ at }) => at);
      const [first, last] = [Math.min(...times), Math.max(...times)];
      this.#insert.run(ordinal, "vitals", first, last, null, null, packVitals(block));
    }
  }
}

/** Samples one row holds. */
const perBlock = 10;

/** By time, from the first that is asked for. */
export function vitalsPage(
  database: DatabaseSync,
  ordinal: number,
  { from = 0, to = Number.MAX_SAFE_INTEGER, limit }: VitalsQuery,
): VitalsPage {
  // A block may reach into the time from before it, and hold less than its fill.
  const blocks = database
    .prepare(
      `SELECT data FROM observations WHERE capture = ? AND kind = 'vitals'
         AND last >= ? AND first <= ? ORDER BY first, id LIMIT ?`,
    )
    .all(ordinal, from, to, limit + perBlock);
  const samples: VitalsSample[] = [];
  for (const block of blocks) {
    const own = unpackVitals(String(block["data"]));
    samples.push(...own.filter(({ at }) => at >= from && at <= to));
    if (samples.length > limit) break;
  }
  return { samples: samples.slice(0, limit), more: samples.length > limit };
}

/** By time; those whose time is not known come last. */
export function observationPage(
  database: DatabaseSync,
  ordinal: number,
  query: ObservationQuery,
): ObservationPage {
  const { kind, from = null, to = null, agent = null, limit, after = 0 } = query;
  const rows = database
    .prepare(
      `SELECT data FROM observations WHERE capture = ?1 AND kind = ?2
         AND (?3 IS NULL OR last >= ?3) AND (?4 IS NULL OR first <= ?4)
         AND (?5 IS NULL OR agent IS NULL OR agent = ?5)
       ORDER BY first IS NULL, first, id LIMIT ?6 OFFSET ?7`,
    )
    .all(ordinal, kind, from, to, agent, limit + 1, after)
    .map((row) => String(row["data"]));
  const page = rows.slice(0, limit);
  return {
    rows: `[${page.join(",")}]`,
    count: page.length,
    next: after + page.length,
    more: rows.length > limit,
  };
}
