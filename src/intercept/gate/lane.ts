/** One direction of a gated connection: parcels leave in the order they came, each when it may. */
import type { Leg } from "../leg.ts";

/** One message, one frame, or a stretch of bytes without boundaries. */
export interface Parcel {
  chunks: Uint8Array[];
  /** All of its bytes are here. */
  whole: boolean;
  /** It may go, as far as it is here. */
  open: boolean;
  /** Its bytes are thrown away, not sent. */
  discarded: boolean;
  /** Bytes a second; null = as fast as the peer reads. */
  rate: number | null;
  /** Bytes that still may go; then `onCut` is called and nothing more leaves. null = all. */
  left: number | null;
  onCut: (() => void) | null;
  /** Its last byte is with the kernel. */
  onGone: (() => void) | null;
}

/** More than this waits in the kernel, and in the peer. */
const maxWaiting = 512 * 1024;
const tickMs = 20;

export interface LaneSource {
  /** Stop or go on reading what this lane carries. */
  pause(): void;
  resume(): void;
}

export class Lane {
  #queue: Parcel[] = [];
  #to: Leg["stream"] | null = null;
  #source: LaneSource | null = null;
  #blocked = false;
  #paused = false;
  #waiting = 0;
  #timer: NodeJS.Timeout | null = null;
  #slice = { from: 0, sent: 0 };
  #goneWhenDrained: (() => void)[] = [];
  #end: (() => void) | null = null;
  /** Nothing leaves any more, and no end is told. */
  #silent = false;

  /** Where its bytes go, and what they come from; until then they are kept. */
  attach(to: Leg["stream"], source: LaneSource): void {
    this.#to = to;
    this.#source = source;
    this.#balance();
    this.#pump();
  }

  /** A parcel at the end of the queue. */
  add(open: boolean): Parcel {
    const parcel: Parcel = {
      chunks: [],
      whole: false,
      open,
      discarded: false,
      rate: null,
      left: null,
      onCut: null,
      onGone: null,
    };
    this.#queue.push(parcel);
    return parcel;
  }

  append(parcel: Parcel, bytes: Uint8Array): void {
    if (this.#silent || parcel.discarded) return;
    parcel.chunks.push(bytes);
    this.#waiting += bytes.length;
    this.#pump();
    this.#balance();
  }

  /** To be called after a parcel was changed. */
  changed(): void {
    this.#waiting = 0;
    for (const { chunks } of this.#queue) this.#waiting += lengthOf(chunks);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#pump();
    this.#balance();
  }

  discard(parcel: Parcel): void {
    parcel.discarded = true;
    parcel.open = true;
    parcel.chunks = [];
    this.changed();
  }

  /** Throws away what waits and all that will come. */
  silence(): void {
    this.#silent = true;
    this.#queue = [];
    this.#end = null;
    this.#waiting = 0;
    this.#balance();
  }

  /** What is done when all that came before has left: the end of the connection in this direction. */
  endWith(end: () => void): void {
    if (this.#silent) return;
    this.#end = end;
    this.#pump();
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0 && this.#end === null;
  }

  get isSilent(): boolean {
    return this.#silent;
  }

  /** More waits than should: what can be decided without the rest, should be. */
  get isFull(): boolean {
    return this.#waiting >= maxWaiting;
  }

  drained(): void {
    this.#blocked = false;
    for (const gone of this.#goneWhenDrained.splice(0)) gone();
    this.#pump();
    this.#balance();
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.silence();
  }

  #balance(): void {
    const wanted = this.#blocked || this.#waiting >= maxWaiting;
    if (wanted === this.#paused || this.#source === null) return;
    this.#paused = wanted;
    if (wanted) this.#source.pause();
    else this.#source.resume();
  }

  #pump(): void {
    const to = this.#to;
    if (to === null || this.#timer !== null) return;
    for (let parcel = this.#queue[0]; parcel?.open === true; parcel = this.#queue[0]) {
      if (this.#blocked || !this.#send(parcel, to)) return;
      this.#queue.shift();
      this.#slice = { from: 0, sent: 0 };
      if (parcel.onGone === null) continue;
      if (this.#blocked) this.#goneWhenDrained.push(parcel.onGone);
      else parcel.onGone();
    }
    if (this.#queue.length > 0 || this.#end === null) return;
    const end = this.#end;
    this.#end = null;
    end();
  }

  /** False: it has to wait, for the peer, for time, or for the rest. */
  #send(parcel: Parcel, to: Leg["stream"]): boolean {
    for (let chunk = parcel.chunks[0]; chunk !== undefined; chunk = parcel.chunks[0]) {
      if (this.#blocked) return false;
      const may = Math.min(chunk.length, parcel.left ?? chunk.length, this.#allowance(parcel));
      if (may < chunk.length) parcel.chunks[0] = chunk.subarray(may);
      else parcel.chunks.shift();
      if (may > 0) this.#write(to, chunk.subarray(0, may), parcel);
      if (parcel.left === 0) {
        parcel.chunks = [];
        return false;
      }
      if (may < chunk.length) return this.#later(parcel);
    }
    return parcel.whole;
  }

  #write(to: Leg["stream"], bytes: Uint8Array, parcel: Parcel): void {
    this.#waiting -= bytes.length;
    this.#slice.sent += bytes.length;
    if (parcel.left !== null) parcel.left -= bytes.length;
    const cut = parcel.left === 0 ? parcel.onCut : null;
    // The end comes after the bytes have left, not after they were taken.
    const isTaken = cut === null ? to.write(bytes) : to.write(bytes, () => cut());
    if (!isTaken) this.#blocked = true;
  }

  #allowance({ rate }: Parcel): number {
    if (rate === null) return Number.POSITIVE_INFINITY;
    const now = performance.now();
    if (this.#slice.from === 0) this.#slice.from = now - tickMs;
    return Math.max(0, Math.floor(((now - this.#slice.from) * rate) / 1000) - this.#slice.sent);
  }

  #later({ rate }: Parcel): false {
    const ms = Math.max(tickMs, 1000 / Math.max(rate ?? 1, 0.001));
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#pump();
      this.#balance();
    }, ms);
    return false;
  }
}

function lengthOf(chunks: readonly Uint8Array[]): number {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  return length;
}
