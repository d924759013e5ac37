/** When each recorded thing of a session is to be said to the client that plays it now, and in whose words. */
import { withId } from "./body-parts.ts";
import type { Deed, Item, RecordedSession } from "./recorded-session.ts";

export interface Planned {
  readonly item: Item;
  /** Place in the recording. */
  readonly order: number;
  /** Of the real clock. */
  readonly due: number;
  /** The request that has to get it; -1 = whichever is open. */
  readonly request: number;
  /** In this session's words. */
  readonly text: string;
  /** It tells of a request that this client has not made yet. */
  readonly isAhead: boolean;
}

/** Things that were recorded in one order stay in it when they come out that close together, ms. */
const sameMomentMs = 500;
const changePatienceMs = 400;
/** The same for a client that makes such requests. */
const longPatienceMs = 30_000;
const nobody = -1;

export class Schedule {
  readonly #recorded: RecordedSession;
  readonly #speed: number;
  readonly #planned: Planned[] = [];
  readonly #usedDeeds = new Set<number>();
  /** Items that come by the clock and are not planned yet, by their place. */
  readonly #waiting = new Set<number>();
  readonly #pins = new Map<number, number>();

  constructor(recorded: RecordedSession, speed: number) {
    this.#recorded = recorded;
    this.#speed = speed;
    recorded.items.forEach(({ deed }, order) => {
      if (deed === null) this.#waiting.add(order);
    });
  }

  get isPlayed(): boolean {
    return this.#planned.length === 0 && this.#waiting.size === 0;
  }

  /** Plans what answers this deed; null = nothing like it was recorded. Used up ones are taken again, the last first. */
  onDeed(kind: string, id: string | null, request: number, at: number): Deed | null {
    const { deeds } = this.#recorded;
    const fresh = deeds.findIndex(
      (deed, index) => deed.kind === kind && !this.#usedDeeds.has(index),
    );
    const index = fresh >= 0 ? fresh : deeds.findLastIndex((deed) => deed.kind === kind);
    const deed = deeds[index];
    if (deed === undefined) return null;
    const isFresh = !this.#usedDeeds.has(index);
    this.#usedDeeds.add(index);
    this.#planAnswers(index, deed, { id, request, at });
    if (deed.isStep && isFresh) this.#planClock(index, deed, at);
    return deed;
  }

  /** The outcome of a REST request is told under the client's own `requestId`, after as long as it took then. */
  onChange(
    recorded: { readonly requestId: string; readonly at: number },
    requestId: string,
    at: number,
  ): void {
    this.#recorded.items.forEach((item, order) => {
      if (item.kind !== "stanza" || item.change !== recorded.requestId) return;
      this.drop((planned) => planned.order === order);
      this.#waiting.delete(order);
      const due = at + Math.max(0, item.at - recorded.at) / this.#speed;
      const text = item.text.replaceAll(recorded.requestId, requestId);
      this.#plan({ item, order, due, request: nobody, text, isAhead: false });
    });
  }

  /** The outcome of what the client may still ask for: it will make the request at its own time. */
  postpone(): void {
    const first = this.#planned.shift();
    if (first === undefined) return;
    this.#plan({ ...first, due: first.due + longPatienceMs, isAhead: false });
  }

  /** Says that there is no answer to an iq. */
  refuse(id: string, at: number): void {
    const text = withId(
      '<iq xmlns="jabber:client" type="error" id=""><error type="cancel"><item-not-found xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/><text xmlns="urn:ietf:params:xml:ns:xmpp-stanzas">Boshscope: not in the recording</text></error></iq>',
      id,
    );
    const { empty, startedAt } = this.#recorded;
    const item: Item = {
      kind: "stanza",
      at: startedAt,
      deed: null,
      step: 0,
      exchange: "",
      text,
      answer: empty,
      head: "<body xmlns='http://jabber.org/protocol/httpbind'>",
      change: null,
    };
    const order = Number.MAX_SAFE_INTEGER;
    this.#plan({ item, order, due: at, request: nobody, text, isAhead: false });
  }

  isPinned(request: number): boolean {
    return this.#pins.has(request);
  }

  due(at: number): Planned | null {
    const [first] = this.#planned;
    return first !== undefined && first.due <= at ? first : null;
  }

  shift(): void {
    const first = this.#planned.shift();
    if (first !== undefined) this.#unpin(first);
  }

  drop(isIt: (planned: Planned) => boolean): void {
    for (const planned of this.#planned.filter(isIt)) {
      this.#planned.splice(this.#planned.indexOf(planned), 1);
      this.#unpin(planned);
    }
  }

  /** The stanzas that are due before anything else is. */
  takeStanzas(at: number, isHeldBack: (planned: Planned) => boolean): readonly string[] {
    const texts: string[] = [];
    for (;;) {
      const [first] = this.#planned;
      if (first === undefined || first.due > at || first.item.kind !== "stanza") return texts;
      if (isHeldBack(first)) return texts;
      texts.push(first.text);
      this.#planned.shift();
    }
  }

  nextAt(): number {
    return this.#planned[0]?.due ?? Number.POSITIVE_INFINITY;
  }

  /** The next thing that happens to nobody. */
  nextWithoutRequest(): number {
    const [first] = this.#planned;
    const isForNobody = first?.item.kind === "silence" || first?.item.kind === "empty";
    return first !== undefined && isForNobody ? first.due : Number.POSITIVE_INFINITY;
  }

  #planAnswers(
    index: number,
    deed: Deed,
    asked: { readonly id: string | null; readonly request: number; readonly at: number },
  ): void {
    this.#recorded.items.forEach((item, order) => {
      if (item.deed !== index) return;
      const due = asked.at + Math.max(0, item.at - deed.at) / this.#speed;
      const isStanza = item.kind === "stanza";
      const own = isStanza ? item.text : "";
      const text = isStanza && asked.id !== null ? withId(own, asked.id) : own;
      const request = isStanza ? nobody : asked.request;
      this.#plan({ item, order, due, request, text, isAhead: false });
    });
  }

  /** All that waits for this step of the sign-in, or for an earlier one that this client does without. */
  #planClock(index: number, deed: Deed, at: number): void {
    for (const order of this.#waiting) {
      const item = this.#recorded.items[order];
      if (item === undefined || item.step > index) continue;
      this.#waiting.delete(order);
      // What tells of a request of the client's waits a moment for it. Shorter than `sameMomentMs`: nothing overtakes it.
      const isAhead = item.kind === "stanza" && item.change !== null;
      const patience = isAhead ? changePatienceMs : 0;
      const due = at + Math.max(0, item.at - deed.at) / this.#speed + patience;
      const text = item.kind === "stanza" ? item.text : "";
      this.#plan({ item, order, due, request: nobody, text, isAhead });
    }
  }

  #plan(planned: Planned): void {
    const earlier = this.#planned.filter(
      (other) =>
        other.order < planned.order &&
        other.due > planned.due &&
        other.due - planned.due < sameMomentMs,
    );
    const due = Math.max(planned.due, ...earlier.map((other) => other.due));
    this.#planned.push({ ...planned, due });
    this.#planned.sort((a, b) => a.due - b.due || a.order - b.order);
    if (planned.request !== nobody) {
      this.#pins.set(planned.request, (this.#pins.get(planned.request) ?? 0) + 1);
    }
  }

  #unpin({ request }: Planned): void {
    const left = (this.#pins.get(request) ?? 0) - 1;
    if (left > 0) this.#pins.set(request, left);
    else this.#pins.delete(request);
  }
}
