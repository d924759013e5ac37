/** The row of table `connections`: the whole record as JSON, with only what the store itself asks for in columns. */
import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import type { ConnectionRecord } from "../domain/connection.ts";
import type { StoredConnection } from "../domain/recording.ts";

export const saveConnectionSql = `
  INSERT INTO connections (key, seq, ended, open, record) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET seq = excluded.seq, ended = excluded.ended,
    open = excluded.open, record = excluded.record`;

/** Values for `saveConnectionSql`. */
export function connectionValues(
  key: number,
  seq: number,
  connection: StoredConnection,
): SQLInputValue[] {
  const { endedAt } = connection;
  const ended = endedAt === null ? null : Date.parse(endedAt);
  return [key, seq, ended, endedAt === null ? 1 : 0, JSON.stringify(connection)];
}

export function connectionRecord(
  row: Readonly<Record<string, SQLOutputValue>>,
  captureId: string,
): ConnectionRecord {
  const stored = JSON.parse(String(row["record"])) as StoredConnection;
  return { ...stored, captureId, seq: Number(row["seq"]) };
}

/** A connection whose capture ended under it: when it really ended is not known, so `endedAt` stays null. */
export function cutOff(connection: StoredConnection): StoredConnection {
  const { timing, mode } = connection;
  const begun = mode === "intercepted" && timing.clientTls === null ? "tls" : "request";
  const phase = timing.serverConnected === null ? "connect" : begun;
  return {
    ...connection,
    failure: connection.failure ?? { phase, cause: "capture-ended" },
  };
}
