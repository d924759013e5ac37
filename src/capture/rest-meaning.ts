/** What REST and SystemInfo exchanges mean: whose they are, the event in a few words, clock drift, and the notification they asked for. */
import { readApiErrors } from "../finesse/api-errors.ts";
import { type Drift, driftOf } from "../finesse/drift.ts";
import { restLabel, systemInfoLabel } from "../finesse/event-label.ts";
import { type RestCall, readRestCall } from "../finesse/rest-call.ts";
import { readSystemInfo } from "../finesse/system-info.ts";
import { findInvalidXmlChars } from "../xml/invalid-characters.ts";
import type { ContentMeaning } from "./content-meaning.ts";
import type { OpenExchange } from "./open-exchange.ts";
import { remember } from "./remember.ts";
import { cookiesOf, userOf } from "./timelines/identity.ts";
import type { Timelines } from "./timelines/timelines.ts";

const clockOffMs = 1000;
const clockFarOffMs = 60_000;

export interface RestMeaningParts {
  readonly hash: (bytes: Uint8Array) => string;
  readonly timelines: Timelines;
  readonly contents: ContentMeaning;
}

export class RestMeaning {
  readonly #parts: RestMeaningParts;
  readonly #calls = new Map<number, RestCall>();

  constructor(parts: RestMeaningParts) {
    this.#parts = parts;
  }

  requested(exchange: OpenExchange): void {
    const { method, request, rawPath } = exchange;
    const body = request.isCut ? null : request.text();
    const call = readRestCall({ method, path: rawPath, headers: headersOf(request.head), body });
    if (call === null) return;
    remember(this.#calls, exchange.number, call);
    if (body !== null && findInvalidXmlChars(body).length > 0)
      exchange.notes.add("invalid-xml-char");
    exchange.agent = this.#agentOf(exchange, call);
    exchange.event = restLabel(call, null);
    if (call.requestId !== null) this.#parts.contents.asked(call.requestId, exchange);
    if (call.resource !== "SystemInfo" || exchange.agent === null) return;
    const timeline = this.#parts.timelines.agent(exchange.agent, exchange.at);
    timeline.beat(exchange.target, exchange.number, exchange.at);
    this.#parts.timelines.beats(timeline);
  }

  answered(exchange: OpenExchange, wallOffset: number): void {
    const call = this.#calls.get(exchange.number);
    if (!this.#calls.delete(exchange.number) || call === undefined) return;
    const text = exchange.response.text();
    this.#learnCookies(exchange);
    if (findInvalidXmlChars(text).length > 0) exchange.notes.add("invalid-xml-char");
    if (call.resource === "SystemInfo" && exchange.status === 200) {
      this.#systemInfo(exchange, call, text, wallOffset);
      return;
    }
    const errors = (exchange.status ?? 0) >= 400 ? readApiErrors(text) : null;
    const told = errors?.kind === "api-errors" ? errors : null;
    if (told?.errors.some(({ message }) => message === "SERVER_OUT_OF_SERVICE") === true)
      exchange.notes.add("out-of-service");
    exchange.event = restLabel(call, told);
  }

  failed(exchange: OpenExchange): void {
    this.#calls.delete(exchange.number);
  }

  /** Credentials tell best; a path names whom it is about, who for a supervisor may be another. */
  #agentOf(exchange: OpenExchange, call: RestCall): string | null {
    const { timelines, hash } = this.#parts;
    const { head } = exchange.request;
    const cookies = cookiesOf(head, exchange.target.host, hash);
    const user = userOf(head);
    if (user !== null) return timelines.identify(user, exchange, cookies);
    const found = timelines.join.find(exchange.connection, cookies);
    return timelines.identify(found === null ? call.agent : null, exchange, cookies);
  }

  #learnCookies({ agent, response, target, connection, at }: OpenExchange): void {
    if (agent === null) return;
    const cookies = cookiesOf(response.head, target.host, this.#parts.hash);
    if (cookies.length > 0)
      this.#parts.timelines.identify(agent, { number: 0, connection, at }, cookies);
  }

  #systemInfo(exchange: OpenExchange, call: RestCall, text: string, wallOffset: number): void {
    const info = readSystemInfo(text);
    const systemInfo = info.kind === "system-info" ? info : null;
    const at = exchange.deliveredAt ?? exchange.response.endAt ?? exchange.at;
    const drift = driftOf({
      nocache: call.nocache,
      tReqWall: exchange.atWall,
      tRespWall: at + wallOffset,
      currentTimestamp: systemInfo?.currentTimestamp ?? null,
    });
    exchange.event = systemInfoLabel(systemInfo, drift);
    if (systemInfo?.status === "OUT_OF_SERVICE") exchange.notes.add("out-of-service");
    noteDrift(exchange, drift);
    if (exchange.agent === null) return;
    const status = systemInfo?.status ?? null;
    this.#parts.timelines
      .agent(exchange.agent, at)
      .answered(exchange.target, { exchange: exchange.number, status, drift, at });
  }
}

/**
 * Half the round trip is how far the measure itself may be off. A client writes its clock into the request before it has a connection: on
 * a starved machine 4.0 s before, of which the proxy saw 1.7. That makes the server's clock seem ahead, never behind.
 */
const unseenWait = 3;
/** A page that is busy stamps its request long before it goes out; longer than this is no delay, but another clock. */
const longestDelayMs = 10_000;

function noteDrift(exchange: OpenExchange, { driftMs, rttMs, clientVsProxyMs }: Drift): void {
  const age = -(clientVsProxyMs ?? 0);
  // A client on this PC has this PC's clock, so that the age of its stamp is the time it took to come here.
  const isAge = isLoopback(exchange.clientOf.client.address) && age > 0 && age < longestDelayMs;
  const drift = (driftMs ?? 0) - (isAge ? age : 0);
  const waited = drift > 0 && !isAge ? exchange.connectingMs * unseenWait : 0;
  const least = Math.abs(drift) - rttMs / 2 - waited;
  if (least > clockFarOffMs) exchange.notes.add("clock-far-off");
  if (least > clockOffMs) exchange.notes.add("clock-off");
}

const isLoopback = (address: string): boolean => /^(?:::ffff:)?127\.|^::1$/.test(address);

function headersOf(head: string): { name: string; value: string }[] {
  return head
    .split(/\r?\n/)
    .slice(1)
    .map((line) => ({ line, colon: line.indexOf(":") }))
    .filter(({ colon }) => colon > 0)
    .map(({ line, colon }) => ({
      name: line.slice(0, colon),
      value: line.slice(colon + 1).trim(),
    }));
}
