/** Bytes that arrive in pieces, kept as one run. They are copies: a slice would pin the whole read buffer it came from. */

const empty = new Uint8Array(0);

/** Holds nothing until the first append, and then exactly that piece: most heads that are split are split once. */
export class GrowingBytes {
  #bytes: Uint8Array = empty;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** What is held so far: a view, valid until the next append. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  append(source: Uint8Array, start: number, end: number): void {
    const needed = this.#length + end - start;
    if (needed > this.#bytes.length) this.#grow(needed);
    this.#bytes.set(source.subarray(start, end), this.#length);
    this.#length = needed;
  }

  #grow(needed: number): void {
    // Doubling keeps a head that comes byte by byte linear.
    const capacity = this.#length === 0 ? needed : Math.max(needed, 2 * this.#bytes.length, 128);
    const grown = new Uint8Array(capacity);
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
