/** How long this process's event loop keeps others waiting: our own share in any delay, over the last ten seconds. */
import { monitorEventLoopDelay } from "node:perf_hooks";

export interface LoopLag {
  /** Milliseconds; the sampling period itself is taken off. */
  read(): { readonly p50: number; readonly p99: number };
  stop(): void;
}

const sampleMs = 10;
const windowMs = 10_000;

export function measureLoopLag(): LoopLag {
  const histogram = monitorEventLoopDelay({ resolution: sampleMs });
  histogram.enable();
  let last = { p50: 0, p99: 0 };
  const read = (): { p50: number; p99: number } => {
    if (histogram.count === 0) return last;
    const lag = (percentile: number): number =>
      Math.max(0, Math.round(histogram.percentile(percentile) / 1e4) / 100 - sampleMs);
    return { p50: lag(50), p99: lag(99) };
  };
  const timer = setInterval(() => {
    last = read();
    histogram.reset();
  }, windowMs).unref();
  return {
    read,
    stop() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
