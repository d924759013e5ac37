/** What the vitals of this PC say about a stretch of time. */
import type { VitalsSample } from "../domain/vitals.ts";
import { real } from "./thresholds.ts";

const busyCpu = 0.9;
const busySamples = 3;

/** The process did not run for so long, though it waited for no processor: it or the whole PC was suspended. ms. */
export const stoppedFor = ({ lateMs, queuedMs = 0 }: VitalsSample): number =>
  Math.max(0, lateMs - queuedMs);

/** ms: 0 = it always ran. */
export const longestSleep = (vitals: readonly VitalsSample[]): number =>
  vitals.reduce((most, one) => Math.max(most, one.wallJumpMs, stoppedFor(one)), 0);

/** The process stood ready and got no processor, ms in one sample. */
export const longestQueue = (vitals: readonly VitalsSample[]): number =>
  vitals.reduce((most, { queuedMs = 0 }) => Math.max(most, queuedMs), 0);

export const totalQueue = (vitals: readonly VitalsSample[]): number =>
  vitals.reduce((sum, { queuedMs = 0 }) => sum + queuedMs, 0);

/** Our event loop's worst lag of each sample, added up. */
export const totalLag = (vitals: readonly VitalsSample[]): number =>
  vitals.reduce((sum, { loopLagMs }) => sum + loopLagMs, 0);

const freeShare = 0.25;
const sampleMs = 1000;

/** However busy the processor: this process got its turn most times it asked, as far as the system tells. */
export const ranFreely = (vitals: readonly VitalsSample[]): boolean =>
  vitals.some(({ queuedMs }) => queuedMs !== undefined) &&
  totalQueue(vitals) < vitals.length * sampleMs * freeShare;

export const hasSlept = (vitals: readonly VitalsSample[]): boolean =>
  longestSleep(vitals) > real.slept;

export const longestLag = (vitals: readonly VitalsSample[]): number =>
  vitals.reduce((most, { loopLagMs }) => Math.max(most, loopLagMs), 0);

/** Average use of all cores, 0 to 1; null = too little is known. */
export function averageCpu(vitals: readonly VitalsSample[]): number | null {
  const known = vitals.flatMap(({ systemCpu }) => (systemCpu === null ? [] : [systemCpu]));
  if (known.length < busySamples) return null;
  return known.reduce((sum, cpu) => sum + cpu, 0) / known.length;
}

export const isBusy = (vitals: readonly VitalsSample[]): boolean =>
  (averageCpu(vitals) ?? 0) >= busyCpu;

export interface BrowserSeen {
  /** Of its processes, how many were stopped at most, and how many there were. */
  readonly stopped: number;
  readonly pids: number;
  /** Highest use of one core, averaged over the stretch. */
  readonly cpu: number;
}

export function browserIn(vitals: readonly VitalsSample[]): BrowserSeen | null {
  const known = vitals.flatMap(({ browser }) => (browser === null ? [] : [browser]));
  if (known.length === 0) return null;
  const worst = known.reduce((most, one) => (one.stopped > most.stopped ? one : most));
  const cpu = known.reduce((sum, one) => sum + one.cpu, 0) / known.length;
  return { stopped: worst.stopped, pids: worst.pids, cpu };
}

/** Interfaces that came or went, in words. */
export const networkChanges = (vitals: readonly VitalsSample[]): readonly string[] =>
  vitals.flatMap(({ network }) => (network === null ? [] : [network]));
