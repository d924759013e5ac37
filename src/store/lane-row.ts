/** The marks that exchanges leave on lanes: the few columns of a row that a picture needs, as JSON text. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { LanePage, LaneQuery } from "../domain/recording.ts";
import { keyOf, keySpan, numberOf } from "./keys.ts";

/** What a lane shows: all of Finesse's traffic, and whatever else is known to be an agent's. */
const isMark = "(e.role IN ('poll', 'systeminfo', 'websocket', 'rest') OR e.agent IS NOT NULL)";

/** A WebSocket's row does not say when it ended; its session does. */
const markColumns = `e.key, e.seq, e.agent, e.host, e.port, e.sid, e.role, e.kind, e.at,
  CASE WHEN e.state = 'pending' THEN NULL
    WHEN e.failed IS NOT NULL THEN e.at + e.failed
    WHEN e.kind = 'websocket' THEN NULL
    ELSE e.at + coalesce(e.delivered, e.response_end, 0) END AS ended,
  e.gap, e.state, e.status, e.blame, e.event, e.notes, e.faults`;

/** Frames with something to say, of one WebSocket: so many in a page, and so many with each change. */
const framesInPage = 500;
const framesInChange = 20;

type Row = Readonly<Record<string, unknown>>;

/** Reads marks from a capture file; made once per connection to it. */
export class LaneRows {
  readonly #changed: StatementSync;
  readonly #frames: StatementSync;
  readonly #page: StatementSync;
  readonly #pageOfAgent: StatementSync;

  constructor(database: DatabaseSync) {
    this.#changed = database.prepare(
      `SELECT ${markColumns} FROM exchanges e
       WHERE e.seq > ? AND e.seq <= ? AND +e.key > ? AND +e.key < ? AND ${isMark} ORDER BY e.seq`,
    );
    const page = (agent: string) =>
      database.prepare(
        `SELECT ${markColumns} FROM exchanges e
         WHERE e.key > ? AND e.key < ? AND ${isMark} ${agent} ORDER BY e.key DESC LIMIT ?`,
      );
    this.#page = page("");
    this.#pageOfAgent = page("AND lower(e.agent) = ?");
    this.#frames = database.prepare(
      `SELECT position, at, from_client, event FROM frames
       WHERE exchange = ? AND event IS NOT NULL ORDER BY position DESC LIMIT ?`,
    );
  }

  /** JSON text of the marks with a seq above `since` up to `upTo`, keys strictly between. */
  changed(since: number, upTo: number, keys: { above: number; below: number }): string {
    const rows = this.#changed.all(since, upTo, keys.above, keys.below);
    return `[${rows.map((row) => this.#json(row, framesInChange)).join(",")}]`;
  }

  page(capture: { ordinal: number; clearedTo: number }, query: LaneQuery): LanePage {
    const { ordinal, clearedTo } = capture;
    const above = keyOf(ordinal, clearedTo);
    const below =
      query.before === undefined || query.before >= keySpan
        ? keyOf(ordinal + 1, 0)
        : keyOf(ordinal, query.before);
    const wanted = query.limit + 1;
    const found =
      query.agent === undefined
        ? this.#page.all(above, below, wanted)
        : this.#pageOfAgent.all(above, below, query.agent.toLowerCase(), wanted);
    const rows = found.slice(0, query.limit);
    const last = rows.at(-1);
    return {
      marks: `[${rows.map((row) => this.#json(row, framesInPage)).join(",")}]`,
      count: rows.length,
      next: last === undefined ? 0 : numberOf(Number(last["key"])),
      more: found.length > query.limit,
    };
  }

  #json(row: Row, frames: number): string {
    const text = JSON.stringify({
      number: numberOf(Number(row["key"])),
      seq: row["seq"],
      agent: row["agent"],
      host: row["host"],
      port: row["port"],
      sid: row["sid"],
      role: roleOf(row),
      at: row["at"],
      end: row["ended"],
      gapMs: row["gap"],
      state: row["state"],
      status: row["status"],
      blame: row["blame"],
      event: row["event"],
    });
    const lists = `,"notes":${listOf(row["notes"])},"faults":${listOf(row["faults"])}`;
    const told = row["kind"] === "websocket" ? this.#framesJson(Number(row["key"]), frames) : "";
    return `${text.slice(0, -1)}${lists}${told}}`;
  }

  #framesJson(key: number, limit: number): string {
    const frames = this.#frames
      .all(key, limit)
      .toReversed()
      .map((frame) => ({
        index: frame["position"],
        at: frame["at"],
        from: frame["from_client"] === 1 ? "client" : "server",
        event: frame["event"],
      }));
    return `,"frames":${JSON.stringify(frames)}`;
  }
}

const listOf = (words: unknown): string => (typeof words === "string" ? words : "[]");

/** What is none of Finesse's interfaces, yet an agent's, is drawn like REST. */
function roleOf(row: Row): string {
  const role = String(row["role"]);
  return role === "poll" || role === "systeminfo" || role === "websocket" ? role : "rest";
}
