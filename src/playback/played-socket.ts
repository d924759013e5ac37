/** One client's WebSocket on a recorded one: as `PlayedSession`, with nothing to hold, as a server may speak at any time. */
import type { Act } from "./act.ts";
import { deedOf, idOf } from "./body-parts.ts";
import type { PlayOptions } from "./played-session.ts";
import { elementOf } from "./read-socket.ts";
import type { RecordedSession } from "./recorded-session.ts";
import { type Planned, Schedule } from "./schedule.ts";

const goodbye = '<close xmlns="urn:ietf:params:xml:ns:xmpp-framing"/>';

export class PlayedSocket {
  readonly options: PlayOptions;
  rename: (text: string) => string = (text) => text;
  makesCalls = false;
  readonly #request: number;
  #recorded: RecordedSession;
  #schedule: Schedule;
  #acts: Act[] = [];
  #isOver = false;
  #isToldPlayed = false;
  #anchor = { recorded: 0, real: 0 };

  /** `request`: names the connection in acts. */
  constructor(recorded: RecordedSession, request: number, options: PlayOptions) {
    this.#recorded = recorded;
    this.#request = request;
    this.options = options;
    this.#schedule = new Schedule(recorded, options.speed);
  }

  get recorded(): RecordedSession {
    return this.#recorded;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  positionAt(at: number): number {
    return this.#anchor.recorded + (at - this.#anchor.real) * this.options.speed;
  }

  /** Goes on with another recording: the client turned out to be somebody else. Its stream is open already. */
  adopt(recorded: RecordedSession, at: number): void {
    this.#recorded = recorded;
    this.#schedule = new Schedule(recorded, this.options.speed);
    this.#done("open", null, at);
    const opened = recorded.deeds.findIndex(({ kind }) => kind === "open");
    this.#schedule.drop(({ item }) => item.deed === opened);
  }

  hear(text: string, at: number): void {
    const element = elementOf(text);
    if (element === null || this.#isOver) return;
    if (element.local === "close") return this.#sayGoodbye();
    this.#done(deedOf(element), idOf(element), at);
  }

  /** In the recorded words if there are any. */
  #sayGoodbye(): void {
    const { deeds, items } = this.#recorded;
    const said = items.find(
      (item) => item.kind === "stanza" && item.deed !== null && deeds[item.deed]?.kind === "close",
    );
    const text = said?.kind === "stanza" ? said.text : goodbye;
    const request = this.#request;
    this.#acts.push({ kind: "message", request, text }, { kind: "close", request, code: 1000 });
    this.#end();
  }

  changed(
    recorded: { readonly requestId: string; readonly at: number },
    requestId: string,
    at: number,
  ): void {
    this.#schedule.onChange(recorded, requestId, at);
  }

  gone(request: number): void {
    if (request === this.#request) this.#end();
  }

  take(at: number): readonly Act[] {
    for (;;) {
      const due = this.#isOver ? null : this.#schedule.due(at);
      if (due === null) break;
      this.#give(due);
    }
    if (this.#schedule.isPlayed && !this.#isToldPlayed && !this.#isOver) {
      this.#isToldPlayed = true;
      this.#tell("session-played");
    }
    return this.#acts.splice(0);
  }

  nextAt(): number {
    return this.#isOver ? Number.POSITIVE_INFINITY : this.#schedule.nextAt();
  }

  #done(kind: string, id: string | null, at: number): void {
    const found = this.#schedule.onDeed(kind, id, -1, at);
    if (found?.isStep === true) this.#anchor = { recorded: found.at, real: at };
    if (found !== null || !/^iq (?:get|set)/.test(kind)) return;
    const what = `${kind} (WebSocket)`;
    const why = "no such stanza was answered in the recorded session";
    this.options.tell({ kind: "unanswered", what, why });
    if (id !== null) this.#schedule.refuse(id, at);
  }

  #give({ item, text, isAhead }: Planned): void {
    if (isAhead && this.makesCalls) return this.#schedule.postpone();
    this.#schedule.shift();
    const request = this.#request;
    if (item.kind === "stanza")
      this.#acts.push({ kind: "message", request, text: this.rename(text) });
    if (item.kind === "cut") this.#acts.push({ kind: "cut", request, how: item.how, begun: null });
    if (item.kind === "close") this.#acts.push({ kind: "close", request, code: item.code });
    if (item.kind === "cut" || item.kind === "close") this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#tell("session-ended");
  }

  #tell(kind: "session-played" | "session-ended"): void {
    const { sid, tell } = this.options;
    tell({ kind, sid, recorded: this.#recorded.sid });
  }
}
