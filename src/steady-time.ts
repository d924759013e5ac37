/**
 * The PC's clock as time that never goes back, for what measures by it: each time the clock is set back, all that comes after is moved on by as
 * much. Set forward it is followed, as a PC that slept looks the same.
 */
import type { Clock } from "./base/clock.ts";

/** Less is the correction of a clock that is kept in step, and over before anybody waits for it. */
const stepMs = 2000;
/** What seems to come from later than now was stamped before the clock was set. */
const toleranceMs = 500;
const maxStretches = 100;

/** From one setting back to the next. `from`: its earliest moment, by the PC's clock; `shift`: to add for steady time. */
interface Stretch {
  readonly from: number;
  readonly shift: number;
}

export class SteadyTime {
  readonly #clock: Clock;
  /** Latest first. */
  #stretches: readonly Stretch[] = [{ from: Number.NEGATIVE_INFINITY, shift: 0 }];
  #offset: number;
  #seenAt: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#seenAt = clock.mono();
    this.#offset = clock.wall() - this.#seenAt;
  }

  get isPlain(): boolean {
    return this.#stretches.length === 1;
  }

  /** Looks at the clock; steady ms. */
  now(): number {
    const mono = this.#clock.mono();
    const wall = this.#clock.wall();
    const back = this.#offset - (wall - mono);
    // A clock that only lags, as that of a capture read slower than it was made, was not set.
    const isEarlier = wall < this.#seenAt + this.#offset;
    this.#offset = wall - mono;
    if (isEarlier && back >= stepMs) {
      const step = { from: this.#seenAt + this.#offset, shift: this.#shift + back };
      this.#stretches = [step, ...this.#stretches].slice(0, maxStretches);
    }
    this.#seenAt = mono;
    return wall + this.#shift;
  }

  /** To add to times of something whose first and last were those, by the PC's clock. */
  shiftOf(first: number, last = first): number {
    if (this.isPlain) return 0;
    const now = this.#seenAt + this.#offset + this.#shift;
    const stretch = this.#stretches.find(
      ({ from, shift }) => first >= from && last + shift <= now + toleranceMs,
    );
    return (stretch ?? this.#stretches.at(-1))?.shift ?? 0;
  }

  /** What the PC's clock showed, or will. */
  wall(steady: number): number {
    const stretch = this.#stretches.find(({ from, shift }) => steady >= from + shift);
    return steady - (stretch?.shift ?? 0);
  }

  get #shift(): number {
    return this.#stretches[0]?.shift ?? 0;
  }
}
