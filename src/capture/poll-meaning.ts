/** What http-bind exchanges mean: the session each belongs to, what the session machine notices on it, the event in a few words. */
import type { BoshBody } from "../bosh/bosh-body.ts";
import { type AnswerSeen, requestKindOf } from "../bosh/bosh-event.ts";
import type { BoshObservation } from "../bosh/observation.ts";
import { readBoshBody } from "../bosh/read-bosh-body.ts";
import type { SessionChange } from "../bosh/sessions.ts";
import { BoshSessions } from "../bosh/sessions.ts";
import { pollLabel } from "../finesse/event-label.ts";
import { type Content, contentOf } from "../finesse/notifications.ts";
import { findInvalidXmlChars } from "../xml/invalid-characters.ts";
import type { ContentMeaning } from "./content-meaning.ts";
import type { Ledger } from "./ledger.ts";
import { endingOf, notesOf, relatedOf, tellingOf } from "./observed.ts";
import type { Failure, OpenExchange } from "./open-exchange.ts";
import { remember } from "./remember.ts";
import type { Timelines } from "./timelines/timelines.ts";
import type { TrackedSession } from "./timelines/tracked-session.ts";

type Unparseable = Extract<ReturnType<typeof readBoshBody>, { kind: "unparseable" }>;

/** A poll's body tells two polls apart by itself; anything longer is hashed, as it may hold a password. */
const maxPlainHash = 120;
/** Followed sessions by their number in the session machine; as many as that keeps. */
const maxTracked = 6000;

export interface PollMeaningParts {
  readonly hash: (bytes: Uint8Array) => string;
  readonly timelines: Timelines;
  readonly ledger: Ledger;
  readonly contents: ContentMeaning;
  readonly timeScale: number;
}

export class PollMeaning {
  readonly #parts: PollMeaningParts;
  readonly #sessions = new BoshSessions();
  readonly #tracked = new Map<number, TrackedSession>();
  readonly #polls = new Map<number, BoshBody | Unparseable>();

  /** The session machine counts in protocol time. */
  readonly #scale: number;

  constructor(parts: PollMeaningParts) {
    this.#parts = parts;
    this.#scale = parts.timeScale;
  }

  requested(exchange: OpenExchange): void {
    const text = exchange.request.text();
    const body = readBoshBody(text);
    remember(this.#polls, exchange.number, body);
    lookForInvalid(exchange, text);
    if (body.kind === "unparseable") {
      exchange.notes.add("xml-unreadable");
      exchange.event = this.#label(body, null, null, []);
      return;
    }
    exchange.sid = body.sid;
    exchange.rid = body.rid;
    const hash = text.length <= maxPlainHash ? text : this.#parts.hash(Buffer.from(text));
    const { number, connection, at, target } = exchange;
    const asked = { exchange: number, connection, body, hash };
    const event = { kind: "request", at: at * this.#scale, ...asked } as const;
    const changes = this.#sessions.request(target, event);
    const isRepeat = changes.some(({ observations }) =>
      observations.some((one) => one.kind === "retransmission" && one.exchanges[0] === number),
    );
    this.#learn(exchange, changes, at, (session) => session.sent(body, number, isRepeat));
    exchange.event = this.#label(body, null, null, []);
  }

  answered(exchange: OpenExchange): void {
    const request = this.#polls.get(exchange.number);
    this.#polls.delete(exchange.number);
    if (request === undefined) return;
    const status = exchange.status ?? 0;
    const body = answerBodyOf(exchange);
    const at = exchange.response.endAt ?? exchange.at;
    const changes = this.#sessions.answer(this.#answerOf(exchange, { at, status, body }));
    const content = body?.kind === "body" && !body.empty ? contentOf(body) : [];
    if (status === 200) noteAnswer(exchange, request, body);
    this.#learn(exchange, changes, at, (session) => {
      if (status !== 200) session.failures += 1;
      else if (body?.kind === "body") session.received(body, exchange.rid);
    });
    exchange.event = this.#label(request, body, exchange.status, content);
    this.#parts.contents.heard(exchange, content, at);
  }

  #answerOf(
    exchange: OpenExchange,
    { at, ...answer }: Pick<AnswerSeen, "at" | "status" | "body">,
  ): AnswerSeen {
    const held = exchange.holdMs();
    const holdMs = held === null ? null : held * this.#scale;
    return { kind: "answer", at: at * this.#scale, exchange: exchange.number, holdMs, ...answer };
  }

  failed(exchange: OpenExchange, { cause, blame }: Failure, at: number): void {
    if (!this.#polls.delete(exchange.number)) return;
    const { number } = exchange;
    const seenAt = at * this.#scale;
    const failure = { kind: "failure", at: seenAt, exchange: number, cause, blame } as const;
    const changes = this.#sessions.failure(failure);
    this.#learn(exchange, changes, at, (session) => {
      session.failures += 1;
      this.#parts.timelines.tell(
        session,
        { kind: "poll-lost", exchange: number, detail: `${cause} ${blame}` },
        at,
      );
    });
  }

  /** Lets time pass; cheap when no session is due. */
  tick(at: number): void {
    for (const change of this.#sessions.tick(at * this.#scale)) this.#follow(change, at);
  }

  #label(
    request: BoshBody | Unparseable,
    answer: BoshBody | Unparseable | null,
    status: number | null,
    content: readonly Content[],
  ): string | null {
    return pollLabel({ request, answer, content, status }, this.#parts.contents.states);
  }

  /** Takes over what the session says about this exchange. The last change is the exchange's own session; one before it was replaced. */
  #learn(
    exchange: OpenExchange,
    changes: readonly SessionChange[],
    at: number,
    count: (session: TrackedSession) => void,
  ): void {
    const own = changes.at(-1);
    for (const change of changes) {
      const session = this.#follow(change, at, exchange);
      if (change === own) count(session);
    }
    if (own === undefined) return;
    const { session } = own;
    exchange.sid = session.sid ?? exchange.sid;
    const { wait } = session.granted;
    exchange.waitMs = wait === null ? null : (wait * 1000) / this.#scale;
    if (session.joined) exchange.notes.add("joined-late");
    const tracked = this.#tracked.get(own.number);
    if (tracked === undefined) return;
    exchange.agent = tracked.agent ?? exchange.agent;
    if (exchange.agent === null) tracked.withoutAgent(exchange.number);
    this.#parts.timelines.settle(tracked, exchange.number, at);
    if (tracked.agent !== null && exchange.status === null)
      this.#parts.timelines.connectionOf(tracked.agent, exchange.connection, "jid", at);
  }

  #follow(change: SessionChange, at: number, exchange?: OpenExchange): TrackedSession {
    const { session, observations } = change;
    const tracked = this.#trackedOf(change, exchange);
    tracked.follow(session, at * this.#scale);
    for (const seen of observations) this.#noticed(tracked, seen);
    this.#parts.timelines.touch(tracked);
    return tracked;
  }

  #trackedOf({ number, session }: SessionChange, exchange?: OpenExchange): TrackedSession {
    const known = this.#tracked.get(number);
    if (known !== undefined) return known;
    const { host, port, createdAt: mono, lastExchange } = session;
    const tracked = this.#parts.timelines.begin(
      { transport: "bosh", host, port, mono },
      exchange?.number ?? lastExchange,
    );
    tracked.isByHand = exchange?.notes.has("replayed") ?? false;
    remember(this.#tracked, number, tracked, maxTracked);
    return tracked;
  }

  #noticed(session: TrackedSession, seen: BoshObservation): void {
    const [number = 0] = seen.exchanges;
    const exchange = this.#parts.ledger.open(number);
    if (exchange !== undefined) this.#mark(exchange, seen);
    if (seen.kind === "think-gap") session.gap(seen.ms / this.#scale);
    const ending = endingOf(seen);
    if (ending !== null) {
      session.ending = ending;
      session.isLeave = seen.kind === "terminate" && seen.by === "client";
    }
    const telling = tellingOf(seen);
    if (telling !== null)
      this.#parts.timelines.tell(session, { ...telling, exchange: number }, seen.at / this.#scale);
  }

  #mark(exchange: OpenExchange, seen: BoshObservation): void {
    if (seen.kind === "think-gap") exchange.thinkGapMs = seen.ms / this.#scale;
    // A person's own session takes over from nobody.
    const isTakeOver = seen.kind === "reconnect-without-terminate";
    if (isTakeOver && exchange.notes.has("replayed")) return;
    for (const note of notesOf(seen)) exchange.notes.add(note);
    const related = relatedOf(seen);
    if (related !== null) exchange.relate(related);
    this.#parts.ledger.touch(exchange);
  }
}

/** null = cut short by the body limit. */
function answerBodyOf(exchange: OpenExchange): BoshBody | Unparseable | null {
  const { response } = exchange;
  if (response.isCut) return null;
  const text = response.text();
  lookForInvalid(exchange, text);
  return readBoshBody(text);
}

function noteAnswer(
  exchange: OpenExchange,
  request: BoshBody | Unparseable,
  answer: BoshBody | Unparseable | null,
): void {
  if (answer?.kind === "unparseable") exchange.notes.add("xml-unreadable");
  if (isIdle(request, answer)) exchange.notes.add("empty");
}

/** Nothing for the client, in answer to a request that waited for something. */
function isIdle(request: BoshBody | Unparseable, answer: BoshBody | Unparseable | null): boolean {
  if (request.kind !== "body" || answer?.kind !== "body" || !answer.empty) return false;
  const asked = requestKindOf(request);
  return answer.type === null && (asked === "poll" || asked === "stanzas");
}

/** Names the first character that XML forbids, whatever the reader makes of it. */
function lookForInvalid(exchange: OpenExchange, text: string): void {
  if (text.length > 0 && findInvalidXmlChars(text).length > 0)
    exchange.notes.add("invalid-xml-char");
}
