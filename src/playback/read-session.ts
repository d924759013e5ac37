/** Reads the server's side of a recorded BOSH session out of its exchanges. */
import type { BoshBody } from "../bosh/bosh-body.ts";
import { readBoshBody } from "../bosh/read-bosh-body.ts";
import { deedOf, idOf, partsOf } from "./body-parts.ts";
import { deedAnswered, isSignIn, joinCauses, requestIdIn, stepBefore } from "./deeds.ts";
import type { Deed, Item, RecordedSession } from "./recorded-session.ts";
import type { TakenAnswer, TakenExchange } from "./taken-exchange.ts";

export interface BoshExchange {
  readonly taken: TakenExchange;
  readonly request: BoshBody;
}

const defaultWaitMs = 30_000;
/** A poll answered that much after its wait is late by the server's doing; that much before, it was released. */
const slackMs = 1500;
/** A poll given back within this time after a newer request came was given back for that. */
const releaseMs = 300;

/** `exchanges`: of one session, its creation first, in order of time. null = its creation is not there. */
export function readSession(
  sid: string,
  exchanges: readonly BoshExchange[],
): RecordedSession | null {
  const [first] = exchanges;
  if (first === undefined || first.taken.end.kind !== "answered") return null;
  const created = readBoshBody(bodyText(first.taken.end.answer));
  if (created.kind !== "body" || created.sid === null) return null;
  const granted = (created.wait ?? 0) * 1000 || defaultWaitMs;
  const reader = new SessionReader(exchanges, waitOf(exchanges, granted));
  const { host, port, at } = first.taken;
  return {
    transport: "bosh",
    sid,
    host,
    port,
    agent: agentOf(first.request, reader.deeds, exchanges),
    startedAt: at,
    waitMs: reader.waitMs,
    deeds: reader.deeds,
    items: reader.items,
    empty: reader.empty ?? defaultEmpty(first.taken.end.answer),
  };
}

/** A recording of a demo that ran faster than the clock: its polls were all held for the same time, which is not what was granted. */
function waitOf(exchanges: readonly BoshExchange[], grantedMs: number): number {
  const holds = exchanges.flatMap((exchange) => {
    const { end, sentAt } = exchange.taken;
    const isIdle =
      end.kind === "answered" &&
      isPoll(exchange) &&
      wholeDeedOf(exchange.request) === null &&
      partsOf(bodyText(end.answer))?.stanzas.length === 0;
    return isIdle && !isReleased(exchanges, sentAt, end.at) ? [end.at - sentAt] : [];
  });
  const [least, most] = [Math.min(...holds), Math.max(...holds)];
  const isSteady = holds.length >= 3 && most - least < Math.max(100, most / 10);
  return isSteady && most < grantedMs - slackMs ? most : grantedMs;
}

/** A newer request came just before the answer. */
const isReleased = (
  exchanges: readonly BoshExchange[],
  sentAt: number,
  answeredAt: number,
): boolean =>
  exchanges.some(
    ({ taken: { at } }) => at > sentAt && at <= answeredAt && at > answeredAt - releaseMs,
  );

class SessionReader {
  readonly deeds: Deed[] = [];
  readonly items: Item[] = [];
  readonly waitMs: number;
  empty: TakenAnswer | null = null;
  readonly #exchanges: readonly BoshExchange[];
  readonly #deedsOf = new Map<number, number>();
  readonly #told = new Set<number>();

  constructor(exchanges: readonly BoshExchange[], waitMs: number) {
    this.#exchanges = exchanges;
    this.waitMs = waitMs;
    for (const exchange of exchanges) this.#readDeeds(exchange);
    for (const exchange of exchanges) this.#readEnd(exchange);
    this.items.sort((a, b) => a.at - b.at);
    joinCauses(this.items);
  }

  /** A request sent again does nothing new. */
  #readDeeds({ taken, request }: BoshExchange): void {
    const rid = request.rid ?? 0;
    if (this.#deedsOf.has(rid)) return;
    const add = (kind: string, id: string | null): void => {
      const isStep = isSignIn(kind) && !this.deeds.some((deed) => deed.kind === kind);
      this.deeds.push({ kind, id, at: taken.sentAt, isStep });
      this.#deedsOf.set(rid, this.deeds.length - 1);
    };
    const kind = wholeDeedOf(request);
    if (kind !== null) return add(kind, null);
    for (const stanza of request.stanzas) add(deedOf(stanza), idOf(stanza));
  }

  #readEnd(exchange: BoshExchange): void {
    const { taken, request } = exchange;
    const { end } = taken;
    const base = (at: number) => ({
      at,
      deed: this.#deedsOf.get(request.rid ?? 0) ?? null,
      step: stepBefore(at, this.deeds),
      exchange: taken.id,
    });
    switch (end.kind) {
      case "unknown":
        return;
      case "silent":
        return void this.items.push(this.#silence(exchange, end.until, true));
      case "cut":
        this.items.push({ ...base(end.at), kind: "cut", how: end.how, begun: end.begun });
        return;
      case "answered":
        return this.#readAnswer(exchange, end.answer, base(end.at));
    }
  }

  #readAnswer(exchange: BoshExchange, answer: TakenAnswer, base: Base): void {
    const { request } = exchange;
    const rid = request.rid ?? 0;
    // The same answer again, for a request that was sent again: a client that loses one gets it again by itself.
    if (this.#told.has(rid) && answer.status === 200) return;
    this.#told.add(rid);
    const parts = answer.status === 200 ? partsOf(bodyText(answer)) : null;
    const ends = endsSession(answer);
    if (parts === null || isWhole(request) || ends) {
      const isOver = ends || wholeDeedOf(request) === "terminate";
      this.items.push({ ...base, kind: "whole", answer, ends: isOver });
      return;
    }
    const isLate = base.at - exchange.taken.sentAt > this.waitMs + slackMs;
    if (isLate) this.items.push(this.#silence(exchange, base.at, false));
    if (parts.stanzas.length === 0) return this.#readEmpty(exchange, answer, base, isLate);
    for (const { element, text } of parts.stanzas) {
      const deed = deedAnswered(element, base.at, this.deeds);
      const change = requestIdIn(text);
      this.items.push({ ...base, deed, kind: "stanza", text, answer, head: parts.head, change });
    }
  }

  #readEmpty(exchange: BoshExchange, answer: TakenAnswer, base: Base, isLate: boolean): void {
    this.empty ??= answer;
    const { sentAt } = exchange.taken;
    const isTimely = Math.abs(base.at - sentAt - this.waitMs) <= slackMs;
    // One that brought stanzas may be answered at once, and what they asked for comes with a later one.
    const isAsked = isReleased(this.#exchanges, sentAt, base.at);
    const isEarly = !isAsked && !isTimely && (isPoll(exchange) || isLate);
    if (isEarly) this.items.push({ ...base, deed: null, kind: "empty" });
  }

  /** The server may have been still within its right for the first second. */
  #silence({ taken }: BoshExchange, until: number, isLost: boolean): Item {
    const at = Math.min(taken.sentAt + 1000, until);
    const step = stepBefore(at, this.deeds);
    return { kind: "silence", at, until, isLost, deed: null, step, exchange: taken.id };
  }
}

/** Creation and terminate are answered by the `<body>` itself. */
const isWhole = (request: BoshBody): boolean =>
  ["create", "terminate"].includes(wholeDeedOf(request) ?? "");

function endsSession(answer: TakenAnswer): boolean {
  if (answer.status !== 200) return answer.status === 404;
  const body = readBoshBody(bodyText(answer));
  return body.kind === "body" && body.type === "terminate";
}

type Base = Pick<Item, "at" | "deed" | "step" | "exchange">;

const isPoll = ({ request }: BoshExchange): boolean => request.stanzas.length === 0;

export function wholeDeedOf(body: BoshBody): "create" | "restart" | "terminate" | null {
  if (body.type === "terminate") return "terminate";
  if (body.restart) return "restart";
  return body.sid === null ? "create" : null;
}

export const bodyText = ({ body }: TakenAnswer): string => new TextDecoder().decode(body);

/** By the JID the server bound, or the one the client named. */
function agentOf(
  creation: BoshBody,
  deeds: readonly Deed[],
  exchanges: readonly BoshExchange[],
): string | null {
  const bind = deeds.find(({ kind }) => kind.startsWith("iq set bind "));
  for (const { taken } of bind === undefined ? [] : exchanges) {
    if (taken.end.kind !== "answered") continue;
    const jid = /<jid>([^@<]+)@/.exec(bodyText(taken.end.answer))?.[1];
    if (jid !== undefined) return jid;
  }
  return creation.from?.split("@")[0] ?? null;
}

/** Finesse's own form, with the headers of its other answers. */
const defaultEmpty = ({ headers }: TakenAnswer): TakenAnswer => ({
  status: 200,
  reason: "OK",
  headers,
  body: new TextEncoder().encode("<body xmlns='http://jabber.org/protocol/httpbind'></body>"),
});
