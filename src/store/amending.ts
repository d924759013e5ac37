/** Adds to saved rows what became known later: whose they are, and which others belong to them. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Amendment } from "../domain/recording.ts";

const setAgentSql = "UPDATE exchanges SET agent = ?, seq = ? WHERE key = ? AND agent IS NULL";
/** One request changes a few objects at most; a row is no place for more. */
const addRelatedSql = `
  UPDATE exchanges SET related = json_insert(coalesce(related, '[]'), '$[#]', json(?)), seq = ?
  WHERE key = ? AND json_array_length(coalesce(related, '[]')) < 8`;

export class Amending {
  readonly #setAgent: StatementSync;
  readonly #addRelated: StatementSync;

  constructor(database: DatabaseSync) {
    this.#setAgent = database.prepare(setAgentSql);
    this.#addRelated = database.prepare(addRelatedSql);
  }

  /** A row that is not there, or has what is added, stays as it is. */
  run(amendment: Amendment, key: number, seq: number): void {
    if ("agent" in amendment) this.#setAgent.run(amendment.agent, seq, key);
    else this.#addRelated.run(JSON.stringify(amendment.related), seq, key);
  }
}
