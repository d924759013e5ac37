/** Where each entry of a file is and when it began, in 20 bytes an entry: objects took four times that, with hundreds of thousands of them. */

export interface Place {
  readonly start: number;
  readonly length: number;
}

export class Places {
  #count = 0;
  #starts = new Float64Array(1024);
  #walls = new Float64Array(1024);
  #lengths = new Uint32Array(1024);
  #isInOrder = true;

  get count(): number {
    return this.#count;
  }

  add({ start, length }: Place, wall: number): void {
    if (this.#count === this.#starts.length) this.#grow();
    const at = this.#count++;
    this.#starts[at] = start;
    this.#lengths[at] = length;
    this.#walls[at] = wall;
    this.#isInOrder &&= at === 0 || wall >= this.#wallOf(at - 1);
  }

  /** Entries that began together stay in the file's order. */
  *byTime(): Generator<Place> {
    const order = this.#isInOrder ? null : this.#order();
    for (let turn = 0; turn < this.#count; turn++) {
      const at = order?.[turn] ?? turn;
      yield { start: this.#starts[at] ?? 0, length: this.#lengths[at] ?? 0 };
    }
  }

  #order(): Uint32Array {
    const order = Uint32Array.from({ length: this.#count }, (_, at) => at);
    return order.sort((a, b) => this.#wallOf(a) - this.#wallOf(b) || a - b);
  }

  #wallOf(at: number): number {
    return this.#walls[at] ?? 0;
  }

  #grow(): void {
    const capacity = this.#starts.length * 2;
    const [starts, walls, lengths] = [this.#starts, this.#walls, this.#lengths];
    this.#starts = new Float64Array(capacity);
    this.#walls = new Float64Array(capacity);
    this.#lengths = new Uint32Array(capacity);
    this.#starts.set(starts);
    this.#walls.set(walls);
    this.#lengths.set(lengths);
  }
}
