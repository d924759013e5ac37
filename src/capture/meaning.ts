/** What exchanges mean to Finesse, by kind: polls and their sessions, REST calls, frames of a WebSocket. Folded as messages end. */
import type { StoredFrame, Timeline } from "../domain/recording.ts";
import { isMakeRequestPath } from "../finesse/make-request.ts";
import { ContentMeaning } from "./content-meaning.ts";
import type { Ledger } from "./ledger.ts";
import type { Failure, OpenExchange } from "./open-exchange.ts";
import { PollMeaning } from "./poll-meaning.ts";
import { RestMeaning } from "./rest-meaning.ts";
import type { PlaceInTime } from "./timelines/place-in-time.ts";
import { type Naming, Timelines } from "./timelines/timelines.ts";
import { WebSocketMeaning } from "./web-socket-meaning.ts";

export interface MeaningParts {
  readonly hash: (bytes: Uint8Array) => string;
  readonly ledger: Ledger;
  readonly place: PlaceInTime;
}

export class Meaning {
  readonly #timelines: Timelines;
  readonly #polls: PollMeaning;
  readonly #calls: RestMeaning;
  readonly #webSockets: WebSocketMeaning;

  constructor({ hash, ledger, place }: MeaningParts) {
    const timelines = new Timelines(place);
    const contents = new ContentMeaning(timelines, ledger);
    this.#timelines = timelines;
    this.#polls = new PollMeaning({
      hash,
      timelines,
      ledger,
      contents,
      timeScale: place.timeScale,
    });
    this.#calls = new RestMeaning({ hash, timelines, contents });
    this.#webSockets = new WebSocketMeaning(timelines, contents);
  }

  /** The request is whole. */
  requested(exchange: OpenExchange): void {
    if (exchange.role === "poll") this.#polls.requested(exchange);
    else if (isCall(exchange)) this.#calls.requested(exchange);
  }

  /** The answer is whole. `wallOffset`: from monotonic to wall ms. */
  answered(exchange: OpenExchange, wallOffset: number): void {
    if (exchange.role === "poll") this.#polls.answered(exchange);
    else this.#calls.answered(exchange, wallOffset);
  }

  failed(exchange: OpenExchange, failure: Failure, at: number): void {
    if (exchange.kind === "websocket") this.#webSockets.closed(exchange, at);
    this.#calls.failed(exchange);
    this.#polls.failed(exchange, failure, at);
  }

  /** A WebSocket's message; returns what it says in a few words. */
  heard(exchange: OpenExchange, frame: StoredFrame, at: number): string | null {
    return this.#webSockets.heard(exchange, frame, at);
  }

  connectionEnded(connection: number, living: Iterable<OpenExchange>, at: number): void {
    for (const exchange of living) {
      if (exchange.kind === "websocket") this.#webSockets.closed(exchange, at);
    }
    this.#timelines.join.ended(connection);
  }

  /** Lets time pass: polls that are overdue, sessions gone silent, heartbeats that are missing. */
  tick(at: number): void {
    this.#polls.tick(at);
    this.#timelines.tick(at);
  }

  takeNamings(): readonly Naming[] {
    return this.#timelines.takeNamings();
  }

  takeChanges(): Timeline | null {
    return this.#timelines.takeChanges();
  }
}

const isCall = ({ role, rawPath }: OpenExchange): boolean =>
  role === "rest" || role === "systeminfo" || isMakeRequestPath(rawPath);
