/** Connections outlive captures: the new one gets its own row of each that is open, the old one's stays as it is. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { StoredConnection } from "../domain/recording.ts";
import { connectionValues } from "./connection-row.ts";
import { keyOf, numberOf } from "./keys.ts";

interface Carriage {
  /** Ordinals of the captures. */
  readonly from: number;
  readonly to: number;
  readonly next: () => number;
  readonly wall: number;
}

export function carryConnections(
  database: DatabaseSync,
  save: StatementSync,
  { from, to, next, wall }: Carriage,
): void {
  const open = database
    .prepare("SELECT key, record FROM connections WHERE open = 1 AND key BETWEEN ? AND ?")
    .all(keyOf(from, 0), keyOf(from + 1, 0) - 1);
  const settle = database.prepare("UPDATE connections SET open = 0, ended = ? WHERE key = ?");
  for (const row of open) {
    const key = Number(row["key"]);
    const record = JSON.parse(String(row["record"])) as StoredConnection;
    save.run(...connectionValues(keyOf(to, numberOf(key)), next(), record));
    settle.run(wall, key);
  }
}
