/**
 * The longest time the event loop kept a short timer waiting. Node's own histogram (`monitorEventLoopDelay`) forgets, at each reset, the delay
 * that is going on: measured, a block of 300 ms right after one was reported as 0.7.
 */
import { performance } from "node:perf_hooks";

export interface LagMeter {
  /** Longest delay since the last call, ms. */
  take(): number;
  stop(): void;
}

const everyMs = 20;

export function startLagMeter(): LagMeter {
  let longest = 0;
  let last = performance.now();
  const measure = (): void => {
    const now = performance.now();
    longest = Math.max(longest, now - last - everyMs);
    last = now;
  };
  const timer = setInterval(measure, everyMs).unref();
  return {
    take() {
      const overdue = performance.now() - last - everyMs;
      const lag = Math.max(longest, overdue, 0);
      longest = 0;
      return lag;
    },
    stop: () => clearInterval(timer),
  };
}
