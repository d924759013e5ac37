/**
 * One client's session on a recorded one: holds its polls as a connection manager does, and says what the recorded server said. Answers
 * to what the client does follow the deed, all else follows the recording's clock from the latest step of the sign-in. No timers: it
 * says when it wants to be asked.
 */
import type { BoshBody } from "../bosh/bosh-body.ts";
import type { Act, Tell } from "./act.ts";
import { withWord } from "./aliases.ts";
import { composeBody, deedOf, idOf, partsOf, withAttribute } from "./body-parts.ts";
import { bodyText, wholeDeedOf } from "./read-session.ts";
import type { Item, RecordedSession } from "./recorded-session.ts";
import { type Planned, Schedule } from "./schedule.ts";
import type { TakenAnswer } from "./taken-exchange.ts";

interface Open {
  readonly id: number;
  readonly rid: number;
  readonly emptyAt: number;
}

export interface PlayOptions {
  /** Of the client's session. */
  readonly sid: string;
  /** Recorded ms in one real one. */
  readonly speed: number;
  readonly tell: Tell;
}

const unchanged = (text: string): string => text;

/** Answers kept for requests that are sent again (XEP-0124 14.3). */
const keptAnswers = 3;
const shortestNamed = 6;
/** A server may work two requests at once. */
const window = 2;

export class PlayedSession {
  readonly options: PlayOptions;
  /** Puts what the server says in the words of who signed in. */
  rename: (text: string) => string = unchanged;
  /** It makes REST requests, too: their outcomes wait for them. */
  makesCalls = false;
  #recorded: RecordedSession;
  #schedule: Schedule;
  #acts: Act[] = [];
  #open: Open[] = [];
  readonly #early = new Map<number, { readonly id: number; readonly body: BoshBody }>();
  readonly #answered = new Map<number, TakenAnswer>();
  #expected: number | null = null;
  #silentUntil = Number.NEGATIVE_INFINITY;
  #isLosing = false;
  /** What every request gets from now on. */
  #over: TakenAnswer | null = null;
  #isToldPlayed = false;
  /** Of the recording and of the real clock: the latest step. */
  #anchor = { recorded: 0, real: 0 };

  constructor(recorded: RecordedSession, options: PlayOptions) {
    this.#recorded = recorded;
    this.options = options;
    this.#schedule = new Schedule(recorded, options.speed);
  }

  get recorded(): RecordedSession {
    return this.#recorded;
  }

  get isOver(): boolean {
    return this.#over !== null;
  }

  /** Where in the recording this session is, wall ms of the recording. */
  positionAt(at: number): number {
    return this.#anchor.recorded + (at - this.#anchor.real) * this.options.speed;
  }

  /** Goes on with another recording: the client turned out to be somebody else. Only before it has signed in. */
  adopt(recorded: RecordedSession, at: number): void {
    this.#recorded = recorded;
    this.#schedule = new Schedule(recorded, this.options.speed);
    this.#done("create", null, -1, at);
    // It has its creation answered.
    this.#schedule.drop(({ item }) => item.kind === "whole");
  }

  ask(id: number, body: BoshBody, at: number): void {
    const rid = body.rid ?? 0;
    if (this.#over !== null) return this.#answer(id, this.#over);
    const again = this.#answered.get(rid);
    if (again !== undefined) return this.#answer(id, again);
    this.#expected ??= rid;
    if (rid > this.#expected + window) return this.#endWith(id, "item-not-found");
    if (rid > this.#expected) return void this.#early.set(rid, { id, body });
    const isNew = rid === this.#expected;
    if (isNew) this.#expected += 1;
    this.#accept(id, body, isNew, at);
    const next = this.#early.get(this.#expected);
    if (next === undefined) return;
    this.#early.delete(this.#expected);
    this.ask(next.id, next.body, at);
  }

  /** The outcome of a REST request of the recording is due: the client has made it. */
  changed(
    recorded: { readonly requestId: string; readonly at: number },
    requestId: string,
    at: number,
  ): void {
    this.#schedule.onChange(recorded, requestId, at);
  }

  /** The client closed the connection of a request without an answer. */
  gone(id: number): void {
    this.#open = this.#open.filter((open) => open.id !== id);
    for (const [rid, { id: waiting }] of this.#early) if (waiting === id) this.#early.delete(rid);
  }

  /** All there is to do by now. */
  take(at: number): readonly Act[] {
    while (this.#step(at)) {
      // Each step does one thing.
    }
    return this.#acts.splice(0);
  }

  /** When there is something to do next without a request; Infinity = not before one. */
  nextAt(): number {
    if (this.#over !== null) return Number.POSITIVE_INFINITY;
    if (this.#open.length === 0)
      return Math.max(this.#schedule.nextWithoutRequest(), this.#silentUntil);
    const timeout = Math.min(...this.#open.filter(this.#isFree).map(({ emptyAt }) => emptyAt));
    const due = Math.min(this.#schedule.nextAt(), timeout);
    return Math.max(due, this.#silentUntil);
  }

  #accept(id: number, body: BoshBody, isNew: boolean, at: number): void {
    const deed = wholeDeedOf(body);
    if (isNew) {
      if (deed !== null) this.#done(deed, null, id, at);
      for (const stanza of body.stanzas) this.#done(deedOf(stanza), idOf(stanza), id, at);
    }
    const waitMs = this.#recorded.waitMs / this.options.speed;
    const released = this.#open.filter(this.#isFree);
    this.#open.push({ id, rid: body.rid ?? 0, emptyAt: at + waitMs });
    this.#open.sort((a, b) => a.rid - b.rid);
    if (at < this.#silentUntil) return;
    // What is due goes out on the older request first, as a server would have it.
    while (this.#step(at)) {
      // Each step does one thing.
    }
    for (const open of released) if (this.#open.includes(open)) this.#empty(open);
    if (body.pause !== null) for (const open of this.#open) this.#empty(open);
    if (deed === "terminate" && !this.#schedule.isPinned(id)) this.#endWith(id, null);
  }

  /** Requests that nothing was recorded for in particular. */
  readonly #isFree = ({ id }: Open): boolean => !this.#schedule.isPinned(id);

  readonly #isHeldBack = ({ isAhead }: Planned): boolean => isAhead && this.makesCalls;

  #done(kind: string, stanzaId: string | null, request: number, at: number): void {
    const found = this.#schedule.onDeed(kind, stanzaId, request, at);
    if (found !== null) {
      if (found.isStep) this.#anchor = { recorded: found.at, real: at };
      return;
    }
    if (!kind.startsWith("iq get") && !kind.startsWith("iq set")) return;
    this.options.tell({
      kind: "unanswered",
      what: `${kind} (sid ${this.options.sid})`,
      why: "no such stanza was answered in the recorded session",
    });
    if (stanzaId !== null) this.#schedule.refuse(stanzaId, at);
  }

  /** Does one thing that is due; false = there is none. */
  #step(at: number): boolean {
    if (this.#over !== null || at < this.#silentUntil) return false;
    this.#loseSilenced();
    const due = this.#schedule.due(at);
    if (due === null) {
      this.#tellPlayed();
      return this.#timeOut(at);
    }
    const { item, request } = due;
    if (this.#isHeldBack(due)) {
      this.#schedule.postpone();
      return true;
    }
    const pinned = this.#open.find(({ id }) => id === request);
    const target = pinned ?? this.#open.find(this.#isFree) ?? this.#open[0];
    if (item.kind === "silence") {
      this.#silentUntil = at + (item.until - item.at) / this.options.speed;
      this.#isLosing = item.isLost;
      this.#schedule.shift();
      return true;
    }
    if (target === undefined) {
      if (item.kind !== "empty") return false;
      this.#schedule.shift();
      return true;
    }
    this.#give(item, target, at);
    return true;
  }

  /** After a silence that ended with the client's patience: what was asked meanwhile stays without an answer. */
  #loseSilenced(): void {
    if (!this.#isLosing) return;
    this.#isLosing = false;
    this.#open = [];
  }

  #give(item: Item, target: Open, at: number): void {
    switch (item.kind) {
      case "stanza": {
        const texts = this.#schedule.takeStanzas(at, this.#isHeldBack);
        return this.#reply(target, item.answer, composeBody(this.#headOf(item.head), texts));
      }
      case "empty":
        this.#schedule.shift();
        return this.#empty(target);
      case "cut":
        this.#schedule.shift();
        this.#close(target);
        this.#acts.push({ kind: "cut", request: target.id, how: item.how, begun: item.begun });
        return;
      case "whole": {
        this.#schedule.shift();
        const answer = this.#fitted(item.answer);
        this.#close(target);
        this.#keep(target.rid, answer);
        this.#answer(target.id, answer);
        if (item.ends) this.#end(answer);
        return;
      }
      case "silence":
      case "close":
        return this.#schedule.shift();
    }
  }

  #timeOut(at: number): boolean {
    const late = this.#open.find((open) => open.emptyAt <= at && this.#isFree(open));
    if (late === undefined) return false;
    this.#empty(late);
    return true;
  }

  #empty(open: Open): void {
    const { empty } = this.#recorded;
    const head = partsOf(bodyText(empty));
    if (head === null) return;
    // Elements that were one tag stay so, pairs stay pairs: clients were seen to read both, but not every script does.
    const text = bodyText(empty).trimEnd().endsWith("/>") ? head.head : `${head.head}</body>`;
    this.#reply(open, empty, this.#headOf(text));
  }

  #reply(open: Open, like: TakenAnswer, text: string): void {
    const answer = { ...like, body: new TextEncoder().encode(this.#inOwnWords(text)) };
    this.#close(open);
    this.#keep(open.rid, answer);
    this.#answer(open.id, answer);
  }

  #keep(rid: number, answer: TakenAnswer): void {
    this.#answered.set(rid, answer);
    for (const known of this.#answered.keys()) {
      if (this.#answered.size <= keptAnswers) break;
      this.#answered.delete(known);
    }
  }

  #answer(request: number, answer: TakenAnswer): void {
    this.#acts.push({ kind: "answer", request, answer });
  }

  #close(open: Open): void {
    this.#open = this.#open.filter((other) => other !== open);
  }

  /** Its `sid` and `ack` are those of this session. */
  #headOf(head: string): string {
    const ack = String((this.#expected ?? 1) - 1);
    return withAttribute(withAttribute(head, "sid|authid", this.options.sid), "ack", ack);
  }

  /** A server names the session inside stanzas, too: until the binding it is the resource. */
  #inOwnWords(text: string): string {
    const { sid } = this.#recorded;
    // A short one (Openfire's have 1 to 8 digits) is found by chance, too.
    const own = sid.length < shortestNamed ? text : withWord(text, sid, this.options.sid);
    return this.rename(own);
  }

  #fitted(answer: TakenAnswer): TakenAnswer {
    const text = bodyText(answer);
    const end = text.indexOf(">") + 1;
    if (!text.trimStart().startsWith("<body")) return answer;
    return {
      ...answer,
      body: new TextEncoder().encode(
        this.#inOwnWords(this.#headOf(text.slice(0, end)) + text.slice(end)),
      ),
    };
  }

  #end(answer: TakenAnswer): void {
    for (const open of this.#open) this.#empty(open);
    this.#over = answer;
    const { sid, tell } = this.options;
    tell({ kind: "session-ended", sid, recorded: this.#recorded.sid });
  }

  /** With a terminate of our own. */
  #endWith(request: number, condition: string | null): void {
    const why = condition === null ? "" : ` condition="${condition}"`;
    const text = `<body xmlns="http://jabber.org/protocol/httpbind" type="terminate"${why}/>`;
    const answer = { ...this.#recorded.empty, body: new TextEncoder().encode(text) };
    this.#open = this.#open.filter(({ id }) => id !== request);
    this.#answer(request, answer);
    this.#end(answer);
  }

  #tellPlayed(): void {
    if (this.#isToldPlayed || !this.#schedule.isPlayed) return;
    this.#isToldPlayed = true;
    const { sid, tell } = this.options;
    tell({ kind: "session-played", sid, recorded: this.#recorded.sid });
  }
}
