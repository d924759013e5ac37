/** Lays the events of many exchanges on one axis: they overlap, but only what is open at once is held. */
import type { CaptureEvent } from "../../domain/capture-event.ts";
import type { ExchangeCopy } from "../exchange-copy.ts";
import { type ConnectionPlace, eventsOf } from "./to-events.ts";

/** Connections remembered by name; the one not used for longest is taken for ended. */
const maxConnections = 10_000;

export class EventOrder {
  readonly #heap = new EventHeap();
  readonly #connections = new Map<string, number>();
  #nextConnection = 1;
  #nextExchange = 1;

  /** Takes the next exchange, which began no earlier than those before; gives what is then certain to come first. */
  add(copy: ExchangeCopy): { readonly number: number; readonly events: Iterable<CaptureEvent> } {
    const number = this.#nextExchange++;
    for (const event of eventsOf(copy, number, this.#place(copy))) this.#heap.push(event);
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

interface Queued {
  readonly event: CaptureEvent;
  readonly turn: number;
}

/** A binary heap by time; what was put in first comes out first among equals. */
class EventHeap {
  readonly #items: Queued[] = [];
  #turn = 0;

  push(event: CaptureEvent): void {
    const items = this.#items;
    const added = { event, turn: this.#turn++ };
    let at = items.length;
    items.push(added);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = items[parent];
      if (above === undefined || isBefore(above, added)) break;
      items[at] = above;
      at = parent;
    }
    items[at] = added;
  }

  *popUntil(until: number): Generator<CaptureEvent> {
    for (;;) {
      const first = this.#items[0];
      if (first === undefined || first.event.at > until) return;
      this.#removeFirst();
      yield first.event;
    }
  }

  #removeFirst(): void {
    const items = this.#items;
    const last = items.pop();
    if (last === undefined || items.length === 0) return;
    let at = 0;
    for (;;) {
      const child = this.#smallerChild(at);
      const below = items[child];
      if (below === undefined || isBefore(last, below)) break;
      items[at] = below;
      at = child;
    }
    items[at] = last;
  }

  #smallerChild(at: number): number {
    const [left, right] = [this.#items[2 * at + 1], this.#items[2 * at + 2]];
    const isRight = left !== undefined && right !== undefined && isBefore(right, left);
    return 2 * at + (isRight ? 2 : 1);
  }
}

const isBefore = (a: Queued, b: Queued): boolean =>
  a.event.at < b.event.at || (a.event.at === b.event.at && a.turn < b.turn);
