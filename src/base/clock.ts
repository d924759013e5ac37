/** Time as a dependency, so that tests can turn it. */
export interface Clock {
  /** Monotonic ms, fractional. */
  mono(): number;
  /** Wall ms since 1970. */
  wall(): number;
}

/** `performance.now` differs between threads by their start; the origin is added so that all threads share one scale. */
const origin = performance.timeOrigin;

export const systemClock: Clock = {
  mono: () => origin + performance.now(),
  wall: () => Date.now(),
};
