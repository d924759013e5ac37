/** The one thread of a browser tab: it can freeze, and a hidden tab's timers tick slowly. All of a desktop's code runs on it. */
import type { ScaledTime, Timer } from "../scaled-time.ts";

/** Chrome's timers: 1 s apart in a hidden tab, 1 min after five minutes hidden. */
export type Visibility = "visible" | "hidden" | "hidden-5min";

const tickMs: Readonly<Record<Visibility, number>> = {
  visible: 0,
  hidden: 1000,
  "hidden-5min": 60_000,
};

export class PageThread {
  readonly time: ScaledTime;
  private visibility: Visibility = "visible";
  private frozenUntil = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly timers = new Set<Timer>();
  private closed = false;

  constructor(time: ScaledTime) {
    this.time = time;
  }

  show(visibility: Visibility): void {
    this.visibility = visibility;
  }

  /** Nothing runs for that many simulated ms; then all that became due runs at once. */
  freeze(ms: number): void {
    this.frozenUntil = Math.max(this.frozenUntil, this.time.now() + ms);
    this.after0(ms, () => this.thaw());
  }

  /** Runs now, unless the tab is frozen or closed. */
  run(code: () => void): void {
    if (this.closed) return;
    if (this.time.now() < this.frozenUntil) this.waiting.push(code);
    else code();
  }

  /** A timer of the page; `ticks` says that the code counts its own ticks of that length, which throttling stretches. */
  after(ms: number, code: () => void, ticks?: { readonly length: number }): Timer {
    const tick = tickMs[this.visibility];
    const stretched = ticks !== undefined && tick > ticks.length ? (ms / ticks.length) * tick : ms;
    const due = tick === 0 ? stretched : Math.ceil(stretched / tick) * tick;
    return this.after0(due, () => this.run(code));
  }

  /** Ends the tab: no code of it ever runs again. */
  close(): void {
    this.closed = true;
    for (const timer of this.timers) timer.cancel();
    this.timers.clear();
    this.waiting.length = 0;
  }

  private after0(ms: number, run: () => void): Timer {
    const timer = this.time.after(ms, () => {
      this.timers.delete(timer);
      run();
    });
    this.timers.add(timer);
    return {
      cancel: () => {
        timer.cancel();
        this.timers.delete(timer);
      },
    };
  }

  private thaw(): void {
    // Timers may fire a little early by our clock.
    if (this.frozenUntil - this.time.now() > this.time.speed * 2) return;
    this.frozenUntil = 0;
    for (const code of this.waiting.splice(0)) if (!this.closed) code();
  }
}
