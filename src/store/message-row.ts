/** The row of table `messages`: heads and bodies of one exchange. A side that a save leaves out stays as it is. */
import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import type { BodyDetail, Header, MessageDetail } from "../domain/exchange.ts";
import type { StoredExchange, StoredMessage } from "../domain/recording.ts";

const sideColumns = ["head", "body", "wire", "flags", "encoding", "hash", "trailers"] as const;
const sides = ["request", "response"] as const;
export type MessageSide = (typeof sides)[number];

const decodedFlag = 1;
const cutFlag = 2;

const columnsOf = (side: MessageSide): string[] => sideColumns.map((name) => `${side}_${name}`);
const allColumns = ["key", ...sides.flatMap(columnsOf), "informational"];

/** A side whose head is null is not in this save: its columns keep what they have. */
const keepOrSet = (side: MessageSide): string =>
  columnsOf(side)
    .map((name) => `${name} = iif(excluded.${side}_head IS NULL, ${name}, excluded.${name})`)
    .join(", ");

export const saveMessagesSql = `
  INSERT INTO messages (${allColumns.join(", ")}) VALUES (${allColumns.map(() => "?").join(", ")})
  ON CONFLICT (key) DO UPDATE SET ${sides.map(keepOrSet).join(", ")},
    informational = coalesce(excluded.informational, informational)`;

/** Values for `saveMessagesSql`, or null when this save has no message. */
export function messageValues(key: number, row: StoredExchange): SQLInputValue[] | null {
  const { request, response, informational } = row;
  if (request === null && response === null && informational.length === 0) return null;
  const values: SQLInputValue[] = [key];
  pushSide(values, request);
  pushSide(values, response);
  values.push(informational.length === 0 ? null : JSON.stringify(informational));
  return values;
}

function pushSide(values: SQLInputValue[], message: StoredMessage | null): void {
  if (message === null) {
    values.push(null, null, null, null, null, null, null);
    return;
  }
  values.push(
    message.head,
    message.body,
    message.wireLength,
    (message.decoded ? decodedFlag : 0) | (message.cut ? cutFlag : 0),
    message.encoding,
    message.hash,
    message.trailers === "" ? null : message.trailers,
  );
}

/** For SELECT: a side's columns without the body, whose length alone is read. */
export const detailColumns = (side: MessageSide): string =>
  columnsOf(side)
    .map((name) => (name.endsWith("_body") ? `length(${name}) AS ${name}` : name))
    .join(", ");

export type NamedRow = Readonly<Record<string, SQLOutputValue>>;

/** What the inspector shows of one side; null = nothing of it was kept. */
export function messageDetail(row: NamedRow, side: MessageSide): MessageDetail | null {
  const head = row[`${side}_head`];
  if (typeof head !== "string") return null;
  const lines = head.split("\r\n");
  const headers = headersOf(lines.slice(1));
  const trailers = row[`${side}_trailers`];
  return {
    startLine: lines[0] ?? "",
    headers,
    trailers: typeof trailers === "string" ? headersOf(trailers.split("\r\n")) : [],
    rawHead: head,
    body: bodyDetail(row, side, contentTypeOf(headers)),
  };
}

function bodyDetail(
  row: NamedRow,
  side: MessageSide,
  contentType: string | null,
): BodyDetail | null {
  const kept = row[`${side}_body`];
  const wireLength = Number(row[`${side}_wire`]);
  if (kept === null && wireLength <= 0) return null;
  const flags = Number(row[`${side}_flags`]);
  return {
    wireLength,
    keptLength: Number(kept ?? 0),
    encoding: textOrNull(row[`${side}_encoding`]),
    decoded: (flags & decodedFlag) !== 0,
    cut: (flags & cutFlag) !== 0,
    hash: textOrNull(row[`${side}_hash`]),
    contentType,
  };
}

/** Names and values as sent. A folded line (RFC 9112 5.2) is joined to the value before it; a line without a colon is a name. */
export function headersOf(lines: readonly string[]): Header[] {
  const headers: Header[] = [];
  for (const line of lines) {
    if (line === "") continue;
    const last = headers.at(-1);
    if (last !== undefined && /^[ \t]/.test(line)) {
      headers[headers.length - 1] = { name: last.name, value: `${last.value} ${line.trim()}` };
      continue;
    }
    const colon = line.indexOf(":");
    if (colon < 0) headers.push({ name: line, value: "" });
    else headers.push({ name: line.slice(0, colon), value: line.slice(colon + 1).trim() });
  }
  return headers;
}

export function contentTypeOf(headers: readonly Header[]): string | null {
  return headers.find((header) => header.name.toLowerCase() === "content-type")?.value ?? null;
}

const textOrNull = (value: SQLOutputValue | undefined): string | null =>
  typeof value === "string" ? value : null;
