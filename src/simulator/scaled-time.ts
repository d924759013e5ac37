/** Time that can run faster than the wall, so that minutes of a Finesse shift pass in seconds; all parts of one simulation share it. */

export interface Timer {
  cancel(): void;
}

export interface ScaledTime {
  /** Simulated ms per real ms. */
  readonly speed: number;
  /** Monotonic simulated ms; only differences mean anything. */
  now(): number;
  /** Real wall ms since 1970: dates are never scaled, so that drift stays what it is. */
  wall(): number;
  /** Runs `run` after that many simulated ms. */
  after(ms: number, run: () => void): Timer;
}

/** `speed` 1 is real time; 10 lets a 30 s poll end after 3 s. */
export function scaledTime(speed: number): ScaledTime {
  return {
    speed,
    now: () => performance.now() * speed,
    wall: () => Date.now(),
    after: (ms, run) => {
      const timer = setTimeout(run, ms / speed);
      return { cancel: () => clearTimeout(timer) };
    },
  };
}
