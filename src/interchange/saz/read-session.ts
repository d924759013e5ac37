/** One session of a SAZ as an exchange, whoever wrote it: files may be missing, times unset, aborted sessions dressed as answers. */
import type { ExchangeKind, Outcome, Timing } from "../../domain/exchange.ts";
import {
  type CopiedFrame,
  type CopiedMessage,
  type ExchangeCopy,
  noTiming,
} from "../exchange-copy.ts";
import { readFrame } from "../frame-facts.ts";
import { headerValue, headText, readHead } from "../head.ts";
import { type Fields, fieldsOf, listOf, numberIn, numberOr, textIn } from "../loose.ts";
import { ownOutcome, ownTiming } from "../own-facts.ts";
import { targetOf } from "../target.ts";
import { readFrameList } from "./frame-list.ts";
import { type SessionFacts, sazBits } from "./session-xml.ts";
import { unframed } from "./wire-body.ts";

export interface SessionParts {
  readonly number: number;
  readonly request: Buffer;
  /** null = there was no such file. */
  readonly response: Buffer | null;
  readonly facts: SessionFacts;
  readonly frames: Buffer | null;
  /** Of our own writing, or null. */
  readonly own: unknown;
}

/** null = not even a request line. */
export function readSession(parts: SessionParts): ExchangeCopy | null {
  const { facts, number } = parts;
  const own = fieldsOf(parts.own);
  const request = rawMessage(parts.request, fieldsOf(own["request"]));
  const [method = "", address = ""] = readHead(request.head).startLine.split(" ");
  const isTunnel = method.toUpperCase() === "CONNECT";
  const target = targetOf(
    textIn(own, "url") ?? absolute(address, request, facts, isTunnel),
    isTunnel,
  );
  if (method === "" || target === null) return null;
  const outcome = ownOutcome(own["outcome"]) ?? outcomeOf(parts);
  const response = responseOf(parts, own, outcome);
  const atWall = numberIn(own, "atWall") ?? startOf(facts);
  const { url, secure, host, port } = target;
  return {
    number,
    atWall,
    kind: kindOf(parts, isTunnel),
    method,
    url,
    secure,
    host,
    port,
    httpVersion: versionIn(request.head),
    connection: textIn(own, "connection") ?? connectionOf(facts),
    link: null,
    client: clientOf(own, facts),
    request: isTunnel ? null : withTarget(request, own, method, target.path),
    response: isTunnel ? null : response,
    informational: listOf(own["informational"]).filter((head) => typeof head === "string"),
    outcome,
    wire: wireOf(own, facts, request, response),
    pendingMs: outcome.kind === "pending" ? numberOr(own["pendingMs"], 0) : null,
    timing: ownTiming(own["timing"]) ?? timingOf(facts, atWall, outcome),
    frames: framesOf(parts, own, atWall),
    ...remarksOf(own, facts),
    notes: [],
    meaning: null,
  };
}

const versionIn = (head: string): string => / HTTP\/(\d\.\d)(?:\r|\n|$)/.exec(head)?.[1] ?? "1.1";

function kindOf({ facts, frames }: SessionParts, isTunnel: boolean): ExchangeKind {
  if (isTunnel) return "tunnel";
  const isWebSocket = (facts.bits & sazBits.isWebSocketTunnel) !== 0 || frames !== null;
  return isWebSocket ? "websocket" : "http";
}

/** What people and Fiddler noted on it. */
function remarksOf(
  own: Fields,
  { flags }: SessionFacts,
): Pick<ExchangeCopy, "serverAddress" | "comment" | "mark"> {
  const flag = (name: string): string | null => flags.get(name) || null;
  return {
    serverAddress: textIn(own, "serverAddress") ?? flag("x-hostip"),
    comment: textIn(own, "comment") ?? flag("ui-comments"),
    mark: textIn(own, "mark") ?? markOf(flag("ui-backcolor") ?? flag("ui-color")),
  };
}

function rawMessage(bytes: Buffer, own: Fields): CopiedMessage {
  const [headEnd, bodyStart] = endOfHead(bytes);
  const head = `${headText(bytes.subarray(0, headEnd))}\r\n\r\n`;
  const { headers } = readHead(head);
  const isChunked = /\bchunked\s*$/i.test(headerValue(headers, "transfer-encoding") ?? "");
  const { body, trailers, isCut } = unframed(bytes.subarray(bodyStart), isChunked);
  return {
    head: textIn(own, "head") ?? head,
    trailers: textIn(own, "trailers") ?? trailers,
    body: body.length === 0 || own["kept"] === false ? null : body,
    wireLength: numberIn(own, "wireLength") ?? body.length,
    // As on the wire: the content coding is still on.
    decoded: false,
    cut: own["cut"] === true || (isCut && own["cut"] === undefined),
  };
}

function endOfHead(bytes: Buffer): readonly [headEnd: number, bodyStart: number] {
  const strict = bytes.indexOf("\r\n\r\n");
  if (strict >= 0) return [strict, strict + 4];
  const loose = bytes.indexOf("\n\n");
  return loose >= 0 ? [loose, loose + 2] : [bytes.length, bytes.length];
}

/** Most tools write the absolute form, as proxies get it; some the path alone. */
function absolute(
  address: string,
  request: CopiedMessage,
  { bits }: SessionFacts,
  isTunnel: boolean,
): string {
  if (isTunnel || /^[a-z]+:\/\//i.test(address)) return address;
  const host = headerValue(readHead(request.head).headers, "host") ?? "";
  return `${(bits & sazBits.isHttps) === 0 ? "http" : "https"}://${host}${address}`;
}

/** The request as it went to the server: with its path alone. */
function withTarget(
  request: CopiedMessage,
  own: Fields,
  method: string,
  path: string,
): CopiedMessage {
  if (textIn(fieldsOf(own["request"]), "head") !== null) return request;
  const head = request.head.replace(/^[^\r\n]*/, (line) => {
    const version = /HTTP\/[\d.]+$/.exec(line)?.[0] ?? "HTTP/1.1";
    return `${method} ${path} ${version}`;
  });
  return { ...request, head };
}

/** A file that is there and empty is a session never answered; one that is missing too, with less certainty. */
function outcomeOf({ response, facts }: SessionParts): Outcome {
  const { flags } = facts;
  const aborted = flags.get("x-aborted-when") ?? flags.get("x-failsession-when");
  const startLine =
    response === null ? "" : readHead(headText(response.subarray(0, 4096))).startLine;
  const line = /^HTTP\/[\d.]+[ \t]+(\d{3})[ \t]*(.*)$/.exec(startLine);
  const status = line === null ? null : Number(line[1]);
  if (aborted !== undefined) return abortedOutcome(facts, aborted, status, line?.[2] ?? "");
  if (status === null) return { kind: "pending" };
  return { kind: "responded", status, reason: line?.[2] ?? "" };
}

function abortedOutcome(
  { flags, bits }: SessionFacts,
  when: string,
  status: number | null,
  reason: string,
): Outcome {
  // Fiddler's own 502 says that there was no answer.
  const isMade = (bits & sazBits.responseGeneratedByFiddler) !== 0 || status === null;
  const byServer = flags.has("x-failsession-when");
  return {
    kind: "failed",
    phase: isMade ? "headers" : "body",
    cause: "closed-early",
    blame: byServer ? "server" : "client",
    status: isMade ? null : status,
    alert: null,
    detail: `Fiddler: aborted when ${when}${isMade && reason !== "" ? ` (${reason})` : ""}`,
  };
}

function responseOf(parts: SessionParts, own: Fields, outcome: Outcome): CopiedMessage | null {
  const hasOwn = Object.keys(own).length > 0;
  const isNone = hasOwn
    ? own["response"] === undefined
    : outcome.kind === "pending" || (outcome.kind === "failed" && outcome.status === null);
  if (isNone || parts.response === null || parts.response.length === 0) return null;
  return rawMessage(parts.response, fieldsOf(own["response"]));
}

const startOf = ({ times }: SessionFacts): number =>
  times.get("ClientBeginRequest") ??
  times.get("ClientConnected") ??
  [...times.values()].toSorted((a, b) => a - b)[0] ??
  0;

function timingOf({ times }: SessionFacts, atWall: number, outcome: Outcome): Timing {
  const mark = (...names: readonly string[]): number | null => {
    const wall = names.map((name) => times.get(name)).find((found) => found !== undefined);
    return wall === undefined ? null : wall - atWall;
  };
  const requestEnd = mark("ClientDoneRequest", "GotRequestHeaders") ?? 0;
  const requestSent = mark("ServerGotRequest", "FiddlerBeginRequest") ?? requestEnd;
  const asked = { ...noTiming, requestEnd, serverConnected: mark("ServerConnected"), requestSent };
  if (outcome.kind === "pending") return asked;
  const responseFirst = mark("ServerBeginResponse", "GotResponseHeaders") ?? requestSent;
  const responseEnd = mark("ServerDoneResponse", "ClientDoneResponse") ?? responseFirst;
  const delivered = mark("ClientDoneResponse") ?? responseEnd;
  if (outcome.kind === "responded") return { ...asked, responseFirst, responseEnd, delivered };
  const failed = Math.max(delivered, responseEnd);
  return { ...asked, responseFirst: outcome.status === null ? null : responseFirst, failed };
}

/** Fiddler numbers no connections; the client's port names one. */
const connectionOf = ({ flags }: SessionFacts): string => {
  const port = flags.get("x-clientport");
  return port === undefined || port === "" ? "" : `${flags.get("x-clientip") ?? ""}:${port}`;
};

function clientOf(own: Fields, { flags }: SessionFacts): ExchangeCopy["client"] {
  const client = fieldsOf(own["client"]);
  return {
    address: textIn(client, "address") ?? flags.get("x-clientip") ?? "",
    port: numberIn(client, "port") ?? (Number(flags.get("x-clientport") ?? 0) || 0),
    process: textIn(client, "process") ?? (flags.get("x-processinfo") || null),
  };
}

function wireOf(
  own: Fields,
  { bytes }: SessionFacts,
  request: CopiedMessage,
  response: CopiedMessage | null,
): ExchangeCopy["wire"] {
  const wire = fieldsOf(own["wire"]);
  return {
    request: numberIn(wire, "request") ?? bytes?.egress ?? request.wireLength,
    response: numberIn(wire, "response") ?? bytes?.ingress ?? response?.wireLength ?? -1,
  };
}

function framesOf({ frames }: SessionParts, own: Fields, atWall: number): readonly CopiedFrame[] {
  const ours = listOf(own["frames"]);
  if (ours.length > 0) return ours.map(readFrame);
  return frames === null ? [] : readFrameList(frames, atWall);
}

const marks = ["red", "blue", "gold", "green", "purple"];
const markOf = (color: string | null): string | null => {
  const name = color?.toLowerCase() ?? "";
  return marks.find((mark) => mark === name) ?? null;
};
