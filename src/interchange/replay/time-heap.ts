/** A binary heap by time; what was put in first comes out first among equals. */

interface Queued<Item> {
  readonly at: number;
  readonly item: Item;
  readonly turn: number;
}

export class TimeHeap<Item> {
  readonly #items: Queued<Item>[] = [];
  #turn = 0;

  push(at: number, item: Item): void {
    const items = this.#items;
    const added = { at, item, turn: this.#turn++ };
    let place = items.length;
    items.push(added);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = items[parent];
      if (above === undefined || isBefore(above, added)) break;
      items[place] = above;
      place = parent;
    }
    items[place] = added;
  }

  *popUntil(until: number): Generator<Item> {
    for (;;) {
      const first = this.#items[0];
      if (first === undefined || first.at > until) return;
      this.#removeFirst();
      yield first.item;
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

const isBefore = (a: Queued<unknown>, b: Queued<unknown>): boolean =>
  a.at < b.at || (a.at === b.at && a.turn < b.turn);
