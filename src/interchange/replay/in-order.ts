/** Lays the events of many exchanges on one axis: they overlap, but only what is open at once is held. */
import type { CaptureEvent } from "../../domain/capture-event.ts";
import type { ExchangeCopy } from "../exchange-copy.ts";
import { TimeHeap } from "./time-heap.ts";
import { type ConnectionPlace, eventsOf } from "./to-events.ts";

/** Connections remembered by name; the one not used for longest is taken for ended. */
const maxConnections = 10_000;

export class EventOrder {
  readonly #heap = new TimeHeap<CaptureEvent>();
  readonly #connections = new Map<string, number>();
  #nextConnection = 1;
  #nextExchange = 1;

  /**
   * Takes the next exchange, which began no earlier than those before; gives what is then certain to come first. `number` left out = the
   * next one.
   */
  add(
    copy: ExchangeCopy,
    number = this.#nextExchange++,
  ): { readonly number: number; readonly events: Iterable<CaptureEvent> } {
    for (const event of eventsOf(copy, number, this.#place(copy))) this.#heap.push(event.at, event);
    return { number, events: this.#heap.popUntil(copy.atWall) };
  }

  rest(): Iterable<CaptureEvent> {
    return this.#heap.popUntil(Number.POSITIVE_INFINITY);
  }

  /** Connections are told apart by name, host and port: other tools number them per host, or by the client's port. */
  #place(copy: ExchangeCopy): ConnectionPlace {
    if (copy.connection === "") return { id: this.#nextConnection++, isNew: true, isOwn: true };
    const name = `${copy.connection} ${copy.host}:${copy.port}`;
    const known = this.#connections.get(name);
    this.#connections.delete(name);
    // After a failure the connection is gone: the next one of that name is another.
    const isOver = copy.outcome.kind === "failed";
    const id = known ?? this.#nextConnection++;
    if (!isOver) this.#connections.set(name, id);
    if (this.#connections.size > maxConnections) this.#forgetOldest();
    return { id, isNew: known === undefined, isOwn: false };
  }

  #forgetOldest(): void {
    const [oldest] = this.#connections.keys();
    if (oldest !== undefined) this.#connections.delete(oldest);
  }
}
