/**
 * What each key of the filter language looks at, as SQL over `exchanges e`. All SQL here is constant text: what a person typed
 * only ever becomes a bound parameter (`compile.ts`). `:now` stands for the moment of the query.
 */
import { keySpan } from "../keys.ts";
import type { Operator } from "./query.ts";
import type { Unit } from "./values.ts";

export type Field =
  | { readonly kind: "text"; readonly sql: string }
  /** A JSON array of words. */
  | { readonly kind: "list"; readonly sql: string }
  | {
      readonly kind: "number";
      readonly sql: string;
      readonly unit: Unit;
      /** SQL for the value `-`: not there yet. */
      readonly absent?: string;
    }
  | { readonly kind: "flag"; readonly flags: Readonly<Record<string, string>> }
  | { readonly kind: "content"; readonly parts: readonly Part[] };

/** A text to search: a column of `messages m`, or the bodies of WebSocket frames from one side or both. */
export type Part =
  | { readonly table: "messages"; readonly sql: string }
  | { readonly table: "frames"; readonly from: "client" | "server" | null };

/** A poll without an answer is held since its last byte was sent, so it matches hold>30s as time passes. */
const hold = `coalesce(e.hold,
  iif(e.state = 'pending' AND e.response_first IS NULL, :now - e.sent, NULL))`;

/** A poll is late 2 s after the wait it was granted (30 s while that is unknown); Finesse's REST calls take some ms. */
const slow = `CASE e.role WHEN 'poll' THEN ${hold} >= coalesce(e.wait, 30000) + 2000
  WHEN 'systeminfo' THEN ${hold} >= 1000 WHEN 'rest' THEN ${hold} >= 1000 ELSE 0 END`;

/** What the capture noted on a row, each askable as is:WORD. */
const noted = (note: string): string => `instr(e.notes, '"${note}"') > 0`;
const notes = [
  "empty",
  "hold-release",
  "early-empty",
  "overdue",
  "answer-trickles",
  "closed-in-order",
  "two-open",
  "retransmission",
  "joined-late",
  "rid-gap",
  "rid-missing",
  "rid-out-of-window",
  "session-created",
  "session-bound",
  "reconnect",
  "failover",
  "terminate",
  "stream-error",
  "client-jabberwerx",
  "client-strophe",
  "ended-by-server",
  "ended-by-client",
  "conflict",
  "item-not-found",
  "policy-violation",
  "system-shutdown",
  "auth-failed",
  "finesse-gone",
  "finesse-back",
  "out-of-service",
  "clock-off",
  "clock-far-off",
  "invalid-sid",
  "xml-unreadable",
  "invalid-xml-char",
  "unparsed",
  "probe",
] as const;

const flags: Readonly<Record<string, string>> = {
  pending: "e.state = 'pending'",
  failed: "e.state = 'failed'",
  responded: "e.state = 'responded'",
  poll: "e.role = 'poll'",
  systeminfo: "e.role = 'systeminfo'",
  rest: "e.role = 'rest'",
  websocket: "e.kind = 'websocket'",
  tunnel: "e.kind = 'tunnel'",
  slow,
  marked: "e.mark IS NOT NULL",
  commented: "e.comment IS NOT NULL",
  faulted: "e.faults IS NOT NULL",
  cut: noted("body-cut"),
  ...Object.fromEntries(notes.map((note) => [note, noted(note)])),
  "client-abort": "e.state = 'failed' AND e.blame = 'client'",
  "server-reset": "e.state = 'failed' AND e.blame = 'server' AND e.cause = 'reset'",
};

const column = (name: string): Field => ({ kind: "text", sql: `e.${name}` });
const number = (sql: string, unit: Unit): Field => ({ kind: "number", sql, unit });
const inMessages = (sql: string): Part => ({ table: "messages", sql });
const bodyOf = (side: string): Part => inMessages(`CAST(m.${side}_body AS TEXT)`);
const headOf = (side: string): Part => inMessages(`m.${side}_head`);
/** Without the first line. */
const headersOf = (side: string): Part =>
  inMessages(`substr(m.${side}_head, instr(m.${side}_head, char(13, 10)))`);
const framesFrom = (from: "client" | "server" | null): Part => ({ table: "frames", from });

export const fields: Readonly<Record<string, Field>> = {
  host: column("host"),
  port: number("e.port", "plain"),
  method: column("method"),
  url: column("url"),
  path: column("path"),
  status: number("e.status", "status"),
  result: { kind: "number", sql: "e.status", unit: "status", absent: "e.state = 'pending'" },
  is: { kind: "flag", flags },
  body: {
    kind: "content",
    parts: [bodyOf("request"), bodyOf("response"), framesFrom(null)],
  },
  request: {
    kind: "content",
    parts: [headOf("request"), bodyOf("request"), framesFrom("client")],
  },
  response: {
    kind: "content",
    parts: [headOf("response"), bodyOf("response"), framesFrom("server")],
  },
  head: { kind: "content", parts: [headOf("request"), headOf("response")] },
  header: { kind: "content", parts: [headersOf("request"), headersOf("response")] },
  type: column("content_type"),
  process: column("client_process"),
  client: { kind: "text", sql: "(e.client_address || ':' || CAST(e.client_port AS INTEGER))" },
  agent: column("agent"),
  sid: column("sid"),
  rid: number("e.rid", "plain"),
  event: column("event"),
  mark: column("mark"),
  comment: column("comment"),
  conn: number("e.connection", "plain"),
  number: number(`(e.key % ${keySpan})`, "plain"),
  cause: column("cause"),
  blame: column("blame"),
  note: { kind: "list", sql: "e.notes" },
  fault: { kind: "list", sql: "e.faults" },
  hold: number(hold, "duration"),
  gap: number("e.gap", "duration"),
  size: number("max(e.request_body, 0) + max(e.response_body, 0)", "size"),
  age: number(":now - e.at", "duration"),
  at: number("e.at", "time"),
};

/** Columns a word without a key is looked for in. */
export const wordColumns: readonly string[] = ["e.url", "e.host", "e.comment", "e.event"];

/** Operators that make sense for a kind of field. */
export const operatorsOf: Readonly<Record<Field["kind"], readonly Operator[]>> = {
  text: [":", "~", "=", "!="],
  list: [":", "~", "=", "!="],
  number: [":", "=", "!=", ">", ">=", "<", "<="],
  flag: [":", "=", "!="],
  content: ["~", ":"],
};
