/** Table `findings`: what was concluded, and which minutes of traffic are kept for it. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Finding } from "../domain/finding.ts";

/** Traffic this long before and after a finding is kept for good. */
const keptAroundMs = 120_000;

/** True of rows of `exchanges` that a finding keeps. */
export const keptByFinding = `EXISTS (SELECT 1 FROM findings f
  WHERE exchanges.at >= f.kept_from AND exchanges.at <= f.kept_until)`;

/** The same of rows of `observations`. */
export const observedByFinding = `EXISTS (SELECT 1 FROM findings f
  WHERE observations.last >= f.kept_from AND observations.first <= f.kept_until)`;

export class FindingTable {
  readonly #save: StatementSync;

  constructor(database: DatabaseSync) {
    this.#save = database.prepare(
      `INSERT INTO findings (id, capture, kept_from, kept_until, record) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET
         kept_until = max(kept_until, excluded.kept_until), record = excluded.record`,
    );
  }

  save(ordinal: number, findings: readonly Finding[]): void {
    for (const finding of findings) {
      const { id, at, revisedAt } = finding;
      const from = Date.parse(at) - keptAroundMs;
      const until = Math.max(Date.parse(revisedAt), Date.parse(at)) + keptAroundMs;
      this.#save.run(id, ordinal, from, until, JSON.stringify(finding));
    }
  }
}

/** As they were told last, oldest first. */
export const readFindings = (database: DatabaseSync, capture: number): Finding[] =>
  database
    .prepare("SELECT record FROM findings WHERE capture = ? ORDER BY kept_from, id")
    .all(capture)
    .map((row) => JSON.parse(String(row["record"])) as Finding);
