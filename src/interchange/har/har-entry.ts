/** One exchange as a HAR 1.2 entry. What HAR has no place for goes under names with `_`, which readers must ignore. */
import { isIP } from "node:net";
import type { Header } from "../../domain/exchange.ts";
import { base64Of, utf8Text } from "../body-text.ts";
import type { CopiedMessage, ExchangeCopy } from "../exchange-copy.ts";
import { frameFacts } from "../frame-facts.ts";
import { headerValue, readHead } from "../head.ts";
import { ownFacts } from "../own-facts.ts";
import { harTimings, totalOf } from "./har-timings.ts";

/** JSON as it will be written; `undefined` fields are left out. */
type Json = Readonly<Record<string, unknown>>;

export function harEntry(copy: ExchangeCopy): Json {
  const timings = harTimings(copy.timing, copy.pendingMs ?? 0);
  const { outcome } = copy;
  return {
    startedDateTime: new Date(copy.atWall).toISOString(),
    time: totalOf(timings),
    request: harRequest(copy),
    response: harResponse(copy),
    cache: {},
    timings,
    ...serverOf(copy),
    connection: copy.connection,
    comment: copy.comment ?? undefined,
    _state: outcome.kind === "responded" ? undefined : stateOf(copy),
    _abortedBy: outcome.kind === "failed" ? outcome.blame : undefined,
    _error: outcome.kind === "failed" ? outcome.detail : undefined,
    _pendingMs: copy.pendingMs ?? undefined,
    _resourceType: copy.kind === "websocket" ? "websocket" : undefined,
    _webSocketMessages: copy.kind === "websocket" ? copy.frames.map(frameFacts) : undefined,
    _finesse: ownFacts(copy),
  };
}

/** A pseudonym is no address, and the standard's schema takes nothing else. */
function serverOf({ serverAddress }: ExchangeCopy): Json {
  if (serverAddress === null) return {};
  return isIP(serverAddress) === 0
    ? { _serverAddress: serverAddress }
    : { serverIPAddress: serverAddress };
}

const stateOf = ({ outcome }: ExchangeCopy): string =>
  outcome.kind === "pending" ? "pending" : "aborted";

const httpVersion = (copy: ExchangeCopy): string =>
  copy.httpVersion === "" ? "unknown" : `HTTP/${copy.httpVersion}`;

function harRequest(copy: ExchangeCopy): Json {
  const { headers } = readHead(copy.request?.head ?? "");
  return {
    method: copy.method,
    url: copy.kind === "tunnel" ? `https://${copy.url}` : copy.url,
    httpVersion: httpVersion(copy),
    cookies: requestCookies(headers),
    headers,
    queryString: queryOf(copy.url),
    postData: postData(copy.request, headers),
    headersSize: copy.request?.head.length ?? -1,
    bodySize: copy.wire.request,
  };
}

function postData(message: CopiedMessage | null, headers: readonly Header[]): Json | undefined {
  if (message === null || message.body === null) return undefined;
  const text = utf8Text(message.body);
  return {
    mimeType: headerValue(headers, "content-type") ?? "",
    // HAR knows no encoding here: text that is none is base64 by a name of our own.
    text: text ?? base64Of(message.body),
    _encoding: text === null ? "base64" : undefined,
  };
}

function harResponse(copy: ExchangeCopy): Json {
  const { response, outcome } = copy;
  const { headers, startLine } = readHead(response?.head ?? "");
  const status = outcome.kind === "pending" ? statusIn(startLine) : (outcome.status ?? 0);
  return {
    status,
    statusText: outcome.kind === "responded" ? outcome.reason : reasonIn(startLine),
    httpVersion: httpVersion(copy),
    cookies: responseCookies(headers),
    headers,
    content: content(response, headers),
    redirectURL: headerValue(headers, "location") ?? "",
    headersSize: response?.head.length ?? -1,
    bodySize: copy.wire.response,
  };
}

const statusIn = (startLine: string): number =>
  Number(/^HTTP\/[\d.]+[ \t]+(\d{3})/.exec(startLine)?.[1] ?? 0);
const reasonIn = (startLine: string): string =>
  /^HTTP\/[\d.]+[ \t]+\d{3}[ \t]*(.*)$/.exec(startLine)?.[1] ?? "";

function content(message: CopiedMessage | null, headers: readonly Header[]): Json {
  const mimeType = headerValue(headers, "content-type") ?? "x-unknown";
  const body = message?.body ?? null;
  if (message === null || body === null) return { size: message?.wireLength ?? 0, mimeType };
  const text = utf8Text(body);
  return {
    size: body.length,
    compression: message.decoded ? body.length - message.wireLength : undefined,
    mimeType,
    text: text ?? base64Of(body),
    encoding: text === null ? "base64" : undefined,
  };
}

interface NamedValue {
  readonly name: string;
  readonly value: string;
}

function requestCookies(headers: readonly Header[]): NamedValue[] {
  return headers
    .filter(({ name }) => name.toLowerCase() === "cookie")
    .flatMap(({ value }) => value.split(";"))
    .map((pair) => namedValue(pair.trim()))
    .filter(({ name }) => name !== "");
}

const responseCookies = (headers: readonly Header[]): NamedValue[] =>
  headers
    .filter(({ name }) => name.toLowerCase() === "set-cookie")
    .map(({ value }) => namedValue(value.split(";", 1)[0]?.trim() ?? ""));

function namedValue(pair: string): NamedValue {
  const equals = pair.indexOf("=");
  return equals < 0
    ? { name: pair, value: "" }
    : { name: pair.slice(0, equals), value: pair.slice(equals + 1) };
}

function queryOf(url: string): NamedValue[] {
  const start = url.indexOf("?");
  if (start < 0) return [];
  const query = url.slice(start + 1).split("#", 1)[0] ?? "";
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const { name, value } = namedValue(pair);
      return { name: decoded(name), value: decoded(value) };
    });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
