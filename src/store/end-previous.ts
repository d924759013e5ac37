/** What a process that was killed left open: it is said of each row that the capture ended under it, once, at the next open. */
import type { DatabaseSync } from "node:sqlite";
import type { FailurePhase } from "../domain/exchange.ts";
import type { StoredConnection } from "../domain/recording.ts";
import { cutOff } from "./connection-row.ts";

/**
 * Ends captures, exchanges and connections that are still open, makes the last clear final, and returns the last seq given.
 * `lastWall` is when the file was last written: the last moment the previous process is known to have lived.
 */
export function endPrevious(database: DatabaseSync, seq: number, lastWall: number): number {
  const afterExchanges = endExchanges(database, seq, lastWall);
  const afterConnections = endConnections(database, afterExchanges, lastWall);
  database.prepare("UPDATE captures SET ended = max(started, ?) WHERE ended IS NULL").run(lastWall);
  database.exec("UPDATE captures SET purged_to = cleared_to WHERE purged_to < cleared_to");
  // Tombstones tell running pages what went; no page outlives the process.
  database.exec("DELETE FROM deleted");
  return afterConnections;
}

function endExchanges(database: DatabaseSync, seq: number, lastWall: number): number {
  const open = database
    .prepare(
      `SELECT key, kind, request_end, response_first FROM exchanges
       WHERE state = 'pending' ORDER BY key`,
    )
    .all();
  const end = database.prepare(
    `UPDATE exchanges SET seq = ?, state = 'failed', phase = ?, cause = 'capture-ended',
       blame = 'boshscope', detail = ?, failed = max(0, ? - at) WHERE key = ?`,
  );
  let last = seq;
  for (const row of open) {
    const phase = phaseOf(row["kind"], row["request_end"], row["response_first"]);
    last += 1;
    end.run(last, phase, "Boshscope stopped while this was open.", lastWall, Number(row["key"]));
  }
  return last;
}

function phaseOf(kind: unknown, requestEnd: unknown, responseFirst: unknown): FailurePhase {
  if (kind === "websocket" && responseFirst !== null) return "frames";
  if (responseFirst !== null) return "body";
  return requestEnd === null ? "request" : "headers";
}

function endConnections(database: DatabaseSync, seq: number, lastWall: number): number {
  const open = database
    .prepare("SELECT key, record FROM connections WHERE open = 1 ORDER BY key")
    .all();
  const end = database.prepare(
    "UPDATE connections SET seq = ?, open = 0, ended = ?, record = ? WHERE key = ?",
  );
  let last = seq;
  for (const row of open) {
    const record = cutOff(JSON.parse(String(row["record"])) as StoredConnection);
    last += 1;
    end.run(last, lastWall, JSON.stringify(record), Number(row["key"]));
  }
  return last;
}
