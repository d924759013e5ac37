/** Samples this PC each second, in the relay's own thread: what delays it delays the sample too, which is the point. */
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { VitalsSample } from "../domain/vitals.ts";
import { openBrowserProcesses } from "./browser-processes.ts";
import { sampleEveryMs, VitalsSampler } from "./sampler.ts";

export interface VitalsOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly emit: (sample: VitalsSample) => void;
}

export interface Vitals {
  /** The processes at the other end of connections. */
  setPids(pids: readonly number[]): void;
  stop(): void;
}

export function startVitals({ clock, log, emit }: VitalsOptions): Vitals {
  const { platform } = process;
  const browser = openBrowserProcesses(platform, log);
  const sampler = new VitalsSampler({ clock, browser, platform });
  const timer = setInterval(() => emit(sampler.sample()), sampleEveryMs).unref();
  return {
    setPids: (pids) => browser.setPids(pids),
    stop() {
      clearInterval(timer);
      sampler.close();
    },
  };
}
