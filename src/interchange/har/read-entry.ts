/**
 * A HAR entry as an exchange. Entries of other tools are read with patience: fields may be missing, of another type, or contradict each
 * other. What Boshscope wrote itself is taken from its own fields, so that nothing changes on the way.
 */
import type { ExchangeKind, Header, Outcome, Timing } from "../../domain/exchange.ts";
import { bytesOfBase64 } from "../body-text.ts";
import { type CopiedMessage, type ExchangeCopy, noTiming } from "../exchange-copy.ts";
import { readFrame } from "../frame-facts.ts";
import { composeHead, headerValue } from "../head.ts";
import { type Fields, fieldsOf, listOf, numberIn, numberOr, textIn } from "../loose.ts";
import { ownOutcome, ownTiming } from "../own-facts.ts";
import { type Target, targetOf } from "../target.ts";
import { failureOf } from "./foreign-failure.ts";
import { marksOf } from "./har-timings.ts";

/** null = no entry: not an object, or without a URL. `number`: its place in the file. */
export function readEntry(value: unknown, number: number): ExchangeCopy | null {
  const entry = fieldsOf(value);
  const request = fieldsOf(entry["request"]);
  const response = fieldsOf(entry["response"]);
  const own = fieldsOf(entry["_finesse"]);
  const ownKind = textIn(own, "kind");
  const target = targetOf(textIn(own, "url") ?? textIn(request, "url") ?? "", ownKind === "tunnel");
  if (target === null) return null;
  const outcome = ownOutcome(own["outcome"]) ?? outcomeOf(entry, response);
  const answer = responseMessage(response, fieldsOf(own["response"]), outcome);
  const { url, secure, path } = target;
  return {
    number,
    atWall: wallOf(entry["startedDateTime"]),
    kind: kindOf(entry, target, ownKind),
    method: textIn(request, "method") ?? "GET",
    url,
    secure,
    host: textIn(own, "host") ?? target.host,
    port: numberOr(own["port"], target.port),
    httpVersion: versionIn(textIn(request, "httpVersion") ?? ""),
    ...endsOf(entry, fieldsOf(own["client"])),
    link: null,
    request: target.isTunnel ? null : requestMessage(request, fieldsOf(own["request"]), path),
    response: answer,
    informational: listOf(own["informational"]).filter((head) => typeof head === "string"),
    outcome,
    wire: {
      request: numberOr(request["bodySize"], -1),
      response: numberOr(response["bodySize"], -1),
    },
    pendingMs: outcome.kind === "pending" ? pendingMsOf(entry) : null,
    timing: ownTiming(own["timing"]) ?? foreignTiming(entry, answer, outcome),
    frames: listOf(entry["_webSocketMessages"]).map(readFrame),
    comment: textIn(entry, "comment") || null,
    mark: textIn(own, "mark"),
    notes: [],
    meaning: null,
  };
}

const pendingMsOf = (entry: Fields): number =>
  numberOr(entry["_pendingMs"], Math.max(0, numberIn(entry, "time") ?? 0));

/** Chrome writes the connection's number as text, others the client's port as a number. */
function endsOf(
  entry: Fields,
  client: Fields,
): Pick<ExchangeCopy, "connection" | "client" | "serverAddress"> {
  const { connection } = entry;
  const isNamed = typeof connection === "string" || typeof connection === "number";
  return {
    connection: isNamed ? String(connection) : "",
    client: {
      address: textIn(client, "address") ?? "",
      port: numberOr(client["port"], 0),
      process: textIn(client, "process"),
    },
    serverAddress:
      (textIn(entry, "serverIPAddress") ?? textIn(entry, "_serverAddress"))?.replace(
        /^\[|\]$/g,
        "",
      ) || null,
  };
}

const wallOf = (value: unknown): number => {
  const wall = typeof value === "string" ? Date.parse(value) : numberOr(value, Number.NaN);
  return Number.isNaN(wall) ? 0 : wall;
};

/** `HTTP/1.1`, `http/2.0`, `h2`, `HTTP/3`. */
const versionIn = (written: string): string => /\d(?:\.\d)?/.exec(written)?.[0] ?? "";

function kindOf(entry: Fields, { isTunnel, url }: Target, own: string | null): ExchangeKind {
  if (isTunnel) return "tunnel";
  return own === "websocket" || looksLikeWebSocket(entry, url) ? "websocket" : "http";
}

const looksLikeWebSocket = (entry: Fields, url: string): boolean =>
  textIn(entry, "_resourceType") === "websocket" || /^wss?:/i.test(url);

/** Status 0 without a reason: Chrome writes an unanswered request so, HTTP Toolkit one with a time of -1. */
function outcomeOf(entry: Fields, response: Fields): Outcome {
  const status = numberIn(response, "status") ?? 0;
  const error =
    textIn(entry, "_error") ?? textIn(response, "_error") ?? textIn(response, "_errorMessage");
  const state = textIn(entry, "_state");
  if (state === "pending") return { kind: "pending" };
  if (error !== null && error !== "") return failureOf(error, status === 0 ? null : status);
  if (status === 0) return { kind: "pending" };
  return { kind: "responded", status, reason: textIn(response, "statusText") ?? "" };
}

function foreignTiming(entry: Fields, response: CopiedMessage | null, outcome: Outcome): Timing {
  const timing = marksOf(fieldsOf(entry["timings"]), response !== null);
  if (outcome.kind === "responded") return timing;
  const { requestEnd, requestSent, responseFirst } = timing;
  const open = { ...noTiming, requestEnd, requestSent, responseFirst };
  if (outcome.kind === "pending") return open;
  const failed = Math.max(numberIn(entry, "time") ?? 0, responseFirst ?? requestSent ?? 0);
  // It never left when there was no connection.
  const isUnsent = outcome.phase === "connect" || outcome.phase === "tls";
  return { ...open, requestSent: isUnsent ? null : requestSent, failed };
}

function requestMessage(request: Fields, own: Fields, path: string): CopiedMessage | null {
  const post = fieldsOf(request["postData"]);
  const body = postBody(post);
  const method = textIn(request, "method") ?? "GET";
  const version = /^HTTP\/1/i.test(textIn(request, "httpVersion") ?? "")
    ? textIn(request, "httpVersion")
    : "HTTP/1.1";
  const headers = headersIn(request["headers"]);
  const type = textIn(post, "mimeType");
  if (
    body !== null &&
    type !== null &&
    type !== "" &&
    headerValue(headers, "content-type") === null
  )
    headers.push({ name: "Content-Type", value: type });
  const head = textIn(own, "head") ?? composeHead(`${method} ${path} ${version}`, headers);
  const wireLength = ownOr(own, "wireLength", numberIn(request, "bodySize"), body);
  return message({ head, own, body, wireLength });
}

function postBody(post: Fields): Uint8Array | null {
  const text = textIn(post, "text");
  const encoding = textIn(post, "_encoding") ?? textIn(post, "encoding");
  if (text !== null && (text !== "" || listOf(post["params"]).length === 0))
    return encoding === "base64" ? bytesOfBase64(text) : Buffer.from(text, "utf8");
  const params = listOf(post["params"]).map(fieldsOf);
  if (params.length === 0) return null;
  const pairs = params.map((param) => {
    const [name, value] = [textIn(param, "name") ?? "", textIn(param, "value") ?? ""];
    return `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
  });
  return Buffer.from(pairs.join("&"), "utf8");
}

function responseMessage(response: Fields, own: Fields, outcome: Outcome): CopiedMessage | null {
  const status = numberIn(response, "status") ?? 0;
  const ownHead = textIn(own, "head");
  if (ownHead === null && status === 0) return null;
  const headers = headersIn(response["headers"]);
  const reason = textIn(response, "statusText") ?? "";
  const head = ownHead ?? composeHead(`HTTP/1.1 ${status} ${reason}`.trimEnd(), headers);
  const content = fieldsOf(response["content"]);
  const text = textIn(content, "text");
  const body =
    text === null || own["kept"] === false
      ? null
      : textIn(content, "encoding") === "base64"
        ? bytesOfBase64(text)
        : Buffer.from(text, "utf8");
  const wireLength = ownOr(own, "wireLength", numberIn(response, "bodySize"), body);
  const made = message({ head, own, body, wireLength });
  // Other tools drop large or binary bodies and say how long they were.
  const size = numberIn(content, "size") ?? 0;
  const isDropped = ownHead === null && body === null && size > 0 && outcome.kind === "responded";
  return isDropped ? { ...made, cut: true, wireLength: Math.max(made.wireLength, size) } : made;
}

/** HAR bodies have their content coding undone. */
function message(parts: {
  readonly head: string;
  readonly own: Fields;
  readonly body: Uint8Array | null;
  readonly wireLength: number;
}): CopiedMessage {
  const { head, own, body, wireLength } = parts;
  const isOurs = typeof own["decoded"] === "boolean";
  return {
    head,
    trailers: textIn(own, "trailers") ?? "",
    body,
    wireLength,
    decoded: isOurs ? own["decoded"] === true : true,
    cut: own["cut"] === true,
  };
}

/** -1 and 0 are what tools write that do not know. */
function ownOr(own: Fields, name: string, said: number | null, body: Uint8Array | null): number {
  const ours = numberIn(own, name);
  if (ours !== null) return ours;
  return said !== null && said > 0 ? said : (body?.length ?? 0);
}

/** HTTP/2's pseudo headers are no headers. */
const headersIn = (value: unknown): Header[] =>
  listOf(value)
    .map(fieldsOf)
    .map((field) => ({ name: textIn(field, "name") ?? "", value: textIn(field, "value") ?? "" }))
    .filter(({ name }) => name !== "" && !name.startsWith(":"));
