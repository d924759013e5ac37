/** Collects one head (or trailer section) from chunks: a view where it is whole in one, a copy where it is not. */
import { GrowingBytes } from "./growing-bytes.ts";
import { type HeadKind, HeadScanner } from "./head-scanner.ts";

/** One per direction. `read` until `scanner.state` is not "more"; then `head` is there, or `scanner.problem` says why not. */
export class HeadCollector {
  readonly scanner: HeadScanner;
  /** Through the empty line; only when the scanner is done. */
  head: Uint8Array | null = null;
  readonly #maxLength: number;
  #pending: GrowingBytes | null = null;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
    this.scanner = new HeadScanner(maxLength);
  }

  /** Whether some bytes of a head wait for the rest. */
  get started(): boolean {
    return this.#pending !== null;
  }

  begin(kind: HeadKind): void {
    this.scanner.begin(kind);
    this.head = null;
    this.#pending = null;
  }

  /** Takes from `offset` on and returns the offset of the first byte not taken (of the bad byte, when it failed). */
  read(chunk: Uint8Array, offset: number): number {
    if (this.#pending !== null) return this.#continue(this.#pending, chunk, offset);
    const end = this.scanner.scan(chunk, offset, chunk.length);
    if (this.scanner.state === "done") {
      this.head = end - offset === chunk.length ? chunk : chunk.subarray(offset, end);
    } else if (this.scanner.state === "more") {
      this.#pending = new GrowingBytes();
      this.#pending.append(chunk, offset, end);
    }
    return end;
  }

  #continue(pending: GrowingBytes, chunk: Uint8Array, offset: number): number {
    const before = pending.length;
    pending.append(chunk, offset, Math.min(chunk.length, offset + this.#maxLength - before));
    const held = pending.view();
    const end = this.scanner.scan(held, 0, held.length);
    if (this.scanner.state === "done") this.head = held.subarray(0, end);
    if (this.scanner.state !== "more") this.#pending = null;
    return offset + end - before;
  }
}
