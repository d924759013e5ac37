/**
 * The row of table `exchanges`, both ways: from what the recorder saves to bound values, and from a row to the JSON text of an
 * ExchangeSummary. JSON is put together as text, since the feed and the API send it on without ever parsing it.
 */
import type { SQLInputValue } from "node:sqlite";
import type { Outcome } from "../domain/exchange.ts";
import type { StoredExchange } from "../domain/recording.ts";
import { numberOf } from "./keys.ts";

/** Columns that a save sets, in the order of `boundValues`. */
const savedColumns = [
  "key",
  "seq",
  "at",
  "sent",
  "kind",
  "role",
  "method",
  "url",
  "secure",
  "host",
  "port",
  "path",
  "http_version",
  "connection",
  "client_address",
  "client_port",
  "client_process",
  "state",
  "status",
  "reason",
  "request_head",
  "request_body",
  "response_head",
  "response_body",
  "request_end",
  "server_connected",
  "server_tls",
  "request_sent",
  "response_first",
  "response_end",
  "delivered",
  "hold",
  "gap",
  "wait",
  "content_type",
  "caching",
  "agent",
  "sid",
  "rid",
  "event",
  "notes",
  "faults",
  "related",
  "failed",
  "phase",
  "cause",
  "blame",
  "alert",
  "detail",
] as const;

/** Columns that only people set; a save leaves them alone. */
const peoplesColumns = ["comment", "mark"] as const;

const column = Object.fromEntries(
  [...savedColumns, ...peoplesColumns].map((name, index) => [name, index]),
) as Record<(typeof savedColumns)[number] | (typeof peoplesColumns)[number], number>;

/** For SELECT: what `summaryJson` expects, in its order. */
export const summaryColumns = [...savedColumns, ...peoplesColumns]
  .map((name) => `e.${name}`)
  .join(", ");

/** Where columns that follow the summary's begin in a row. */
export const summaryWidth = savedColumns.length + peoplesColumns.length;

/** Inserts a row, or replaces all but what people set. */
export const saveExchangeSql = `
  INSERT INTO exchanges (${savedColumns.join(", ")})
  VALUES (${savedColumns.map(() => "?").join(", ")})
  ON CONFLICT (key) DO UPDATE SET ${savedColumns
    .slice(1)
    .map((name) => `${name} = excluded.${name}`)
    .join(", ")}`;

/** Values for `saveExchangeSql`. */
export function boundValues(key: number, seq: number, row: StoredExchange): SQLInputValue[] {
  const { timing, sizes, client, outcome } = row;
  return [
    key,
    seq,
    row.atWall,
    row.sentWall,
    row.kind,
    row.role,
    row.method,
    row.url,
    row.protocol === "HTTPS" ? 1 : 0,
    row.host,
    row.port,
    row.path,
    row.httpVersion,
    row.connection,
    client.address,
    client.port,
    client.process,
    outcome.kind,
    outcome.kind === "pending" ? null : outcome.status,
    outcome.kind === "responded" ? outcome.reason : null,
    sizes.requestHead,
    sizes.requestBody,
    sizes.responseHead,
    sizes.responseBody,
    timing.requestEnd,
    timing.serverConnected,
    timing.serverTls,
    timing.requestSent,
    timing.responseFirst,
    timing.responseEnd,
    timing.delivered,
    row.holdMs,
    row.thinkGapMs,
    row.waitMs,
    row.contentType,
    row.caching,
    row.agent,
    row.sid,
    row.rid,
    row.event,
    listOrNull(row.notes),
    listOrNull(row.faults),
    listOrNull(row.related),
    timing.failed,
    ...failureValues(outcome),
  ];
}

const listOrNull = (words: readonly unknown[]): string | null =>
  words.length === 0 ? null : JSON.stringify(words);

const failureValues = (outcome: Outcome): SQLInputValue[] =>
  outcome.kind === "failed"
    ? [outcome.phase, outcome.cause, outcome.blame, outcome.alert, outcome.detail]
    : noFailure;

const noFailure = [null, null, null, null, null];

type Cell = string | number | null | undefined;
/** A row read as an array: `summaryColumns`, then what the query adds. */
export type Row = readonly Cell[];

/** JSON text of the row's ExchangeSummary. Field order is the contract's. */
export function summaryJson(row: Row, captureId: string): string {
  const number = numberOf(row[column.key] as number);
  return (
    `{"id":${quoted(`${captureId}-${number}`)},"number":${number},"captureId":${quoted(captureId)}` +
    `,"seq":${json(row[column.seq])},"at":"${isoOf(row[column.at])}"` +
    placeJson(row) +
    `,"outcome":${outcomeJson(row)}` +
    measuresJson(row) +
    meaningJson(row) +
    `,"comment":${json(row[column.comment])},"mark":${json(row[column.mark])}}`
  );
}

/** JSON text of an array of summaries. */
export function summariesJson(rows: readonly Row[], captureId: string): string {
  let text = "[";
  for (const row of rows) {
    if (text.length > 1) text += ",";
    text += summaryJson(row, captureId);
  }
  return `${text}]`;
}

export const seqOf = (row: Row): number => row[column.seq] as number;
export const keyOfRow = (row: Row): number => row[column.key] as number;

/** ISO 8601 UTC with ms of a wall time. */
export const isoOf = (wall: unknown): string => new Date(Number(wall)).toISOString();

const placeJson = (row: Row): string =>
  `,"kind":${json(row[column.kind])},"role":${json(row[column.role])}` +
  `,"method":${json(row[column.method])},"url":${json(row[column.url])}` +
  `,"protocol":${row[column.secure] === 1 ? '"HTTPS"' : '"HTTP"'}` +
  `,"host":${json(row[column.host])},"port":${json(row[column.port])}` +
  `,"path":${json(row[column.path])},"httpVersion":${json(row[column.http_version])}` +
  `,"connection":${json(row[column.connection])}` +
  `,"client":{"address":${json(row[column.client_address])},"port":${json(row[column.client_port])}` +
  `,"process":${json(row[column.client_process])}}`;

function outcomeJson(row: Row): string {
  const kind = row[column.state] as Outcome["kind"];
  if (kind === "pending") return '{"kind":"pending"}';
  if (kind === "responded") {
    return `{"kind":"responded","status":${json(row[column.status])},"reason":${json(row[column.reason])}}`;
  }
  return (
    `{"kind":"failed","phase":${json(row[column.phase])},"cause":${json(row[column.cause])}` +
    `,"blame":${json(row[column.blame])},"status":${json(row[column.status])}` +
    `,"alert":${json(row[column.alert])},"detail":${json(row[column.detail])}}`
  );
}

const measuresJson = (row: Row): string =>
  `,"sizes":{"requestHead":${json(row[column.request_head])},"requestBody":${json(row[column.request_body])}` +
  `,"responseHead":${json(row[column.response_head])},"responseBody":${json(row[column.response_body])}}` +
  `,"timing":{"requestEnd":${json(row[column.request_end])}` +
  `,"serverConnected":${json(row[column.server_connected])},"serverTls":${json(row[column.server_tls])}` +
  `,"requestSent":${json(row[column.request_sent])},"responseFirst":${json(row[column.response_first])}` +
  `,"responseEnd":${json(row[column.response_end])},"delivered":${json(row[column.delivered])}` +
  `,"failed":${json(row[column.failed])}}` +
  `,"holdMs":${json(row[column.hold])},"thinkGapMs":${json(row[column.gap])},"waitMs":${json(row[column.wait])}`;

const meaningJson = (row: Row): string =>
  `,"contentType":${json(row[column.content_type])},"caching":${json(row[column.caching])}` +
  `,"agent":${json(row[column.agent])},"sid":${json(row[column.sid])},"rid":${json(row[column.rid])}` +
  `,"event":${json(row[column.event])},"faults":${textOf(row[column.faults], "[]")}` +
  `,"notes":${textOf(row[column.notes], "[]")},"related":${textOf(row[column.related], "[]")}`;

function json(value: Cell): string {
  if (typeof value === "string") return quoted(value);
  return typeof value === "number" ? String(value) : "null";
}

const textOf = (value: Cell, otherwise: string): string =>
  typeof value === "string" ? value : otherwise;

/** Most values need no escape; testing for that is several times cheaper than JSON.stringify. */
const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;
const quoted = (text: string): string => (plain.test(text) ? `"${text}"` : JSON.stringify(text));
