/** A session as the diagnosis follows it, of either transport. */
import type { ExchangeFact } from "./fact.ts";
import { limits } from "./thresholds.ts";

export type ClientLibrary = "jabberwerx" | "strophe" | "unknown";

/** Silence of the client between an answer and its next request. `endedAt` null: it lasts. */
export interface Gap {
  readonly since: number;
  readonly after: string;
  readonly endedAt: number | null;
  readonly before: string | null;
}

export interface SessionState {
  readonly key: string;
  readonly transport: "bosh" | "websocket";
  readonly host: string;
  readonly port: number;
  readonly sid: string | null;
  readonly firstExchange: string;
  readonly startedAt: number;
  agent: string | null;
  /** Of its JID; a server lets one session have it. */
  resource: string | null;
  client: string;
  library: ClientLibrary;
  /** Real ms; the assumed one while nothing tells it. */
  waitMs: number;
  waitBy: "grant" | "answers" | null;
  inactivityMs: number;
  connection: string;
  /** Exchanges without an answer. */
  readonly open: Set<string>;
  /** `clean`: an ordinary answer, so that the next request is the client's to send. */
  lastAnswer: { readonly exchange: string; readonly at: number; readonly clean: boolean } | null;
  /** When the latest request was sent that got an ordinary answer. */
  servedFrom: number | null;
  lastRequestAt: number;
  lastExchange: string;
  /** The latest gaps longer than a blink, for their rhythm. */
  readonly gaps: Gap[];
  gap: Gap | null;
  /** `left`: it said goodbye. `gone`: its connections were closed by the client. `moved`: its agent has another. `lost`: the server dropped it. */
  over: "left" | "gone" | "moved" | "lost" | null;
  overAt: number | null;
  /** Fault rules that touched it, by when. */
  readonly faults: Map<string, number>;
  /** WebSocket: pings sent so far, the latest message of each side, and since when one of the client's has had no reply. */
  pings: number;
  lastFromServer: number;
  unansweredSince: number | null;
}

export function newSession(fact: ExchangeFact, key: string, scale: number): SessionState {
  return {
    key,
    transport: fact.role === "websocket" ? "websocket" : "bosh",
    host: fact.host,
    port: fact.port,
    sid: fact.sid,
    firstExchange: fact.id,
    startedAt: fact.at,
    agent: fact.agent,
    resource: null,
    client: fact.client,
    library: "unknown",
    waitMs: fact.waitMs ?? limits.assumedWait / scale,
    waitBy: null,
    inactivityMs: 60_000 / scale,
    connection: fact.connection,
    open: new Set(),
    lastAnswer: null,
    servedFrom: null,
    lastRequestAt: fact.at,
    lastExchange: fact.id,
    gaps: [],
    gap: null,
    over: null,
    overAt: null,
    faults: new Map(),
    pings: 0,
    lastFromServer: fact.at,
    unansweredSince: null,
  };
}

/** Fault rules that touched it since then. */
export const rulesFrom = ({ faults }: Pick<SessionState, "faults">, from: number): string[] =>
  [...faults].flatMap(([rule, at]) => (at >= from ? [rule] : []));

/** Whether a request that followed this silence got an ordinary answer. A WebSocket's client is back once it speaks. */
export const isServedSince = (
  { transport, lastRequestAt, servedFrom }: SessionState,
  since: number,
): boolean => (transport === "websocket" ? lastRequestAt : (servedFrom ?? 0)) > since;

/** null = it lasts, or is not known any more. */
export const gapEnd = ({ gap, gaps }: SessionState, since: number): number | null =>
  (gap?.since === since ? gap : gaps.findLast((one) => one.since === since))?.endedAt ?? null;

const maxGaps = 16;

export function rememberGap(session: SessionState, gap: Gap): void {
  session.gaps.push(gap);
  if (session.gaps.length > maxGaps) session.gaps.shift();
}
