/** The rhythm of SystemInfo requests of one desktop, which tells its mode: every 60 s in order, 20 s looking for a node, 5 s on a phone. */
import type { MonotonicMs } from "../domain/instant.ts";

export type Cadence = "unknown" | "normal" | "failover" | "phone-agent" | "irregular";

/** Sources: seed captures (60,006 / 60,000 / 60,002 ms); administration guide (20 s in failover, 5 s for IP phone agents). */
export const cadences: readonly {
  readonly cadence: Cadence;
  readonly periodMs: number;
  readonly toleranceMs: number;
}[] = [
  { cadence: "normal", periodMs: 60_000, toleranceMs: 2000 },
  { cadence: "failover", periodMs: 20_000, toleranceMs: 2000 },
  { cadence: "phone-agent", periodMs: 5000, toleranceMs: 1000 },
];

/** A beat this much after its time is missing. */
const graceMs = 5000;
/** One odd interval may be a reload or another tab; two of a kind are a rhythm. */
const confirmations = 2;
const keptIntervals = 8;

export interface Heartbeat {
  readonly cadence: Cadence;
  readonly lastAt: MonotonicMs | null;
  readonly beats: number;
  /** The latest intervals, oldest first. */
  readonly intervals: readonly number[];
  /** Another rhythm that the latest intervals follow, and how many of them. */
  readonly candidate: Cadence;
  readonly candidateCount: number;
  /** Largest distance of a kept interval from the cadence's period; null while it has none. */
  readonly jitterMs: number | null;
  readonly missed: number;
  readonly missingTold: boolean;
}

export type HeartbeatObservation =
  | { readonly kind: "cadence-changed"; readonly from: Cadence; readonly to: Cadence }
  /** It came, but beats before it did not, or it was late itself. */
  | { readonly kind: "beat-late"; readonly intervalMs: number; readonly missed: number }
  /** It has not come. */
  | { readonly kind: "beat-missing"; readonly sinceMs: number };

export const noHeartbeat: Heartbeat = {
  cadence: "unknown",
  lastAt: null,
  beats: 0,
  intervals: [],
  candidate: "unknown",
  candidateCount: 0,
  jitterMs: null,
  missed: 0,
  missingTold: false,
};

const nothing: readonly HeartbeatObservation[] = [];

/** Takes the next SystemInfo request. */
export function beat(
  heartbeat: Heartbeat,
  at: MonotonicMs,
): readonly [Heartbeat, readonly HeartbeatObservation[]] {
  const { lastAt } = heartbeat;
  const beats = heartbeat.beats + 1;
  if (lastAt === null) return [{ ...heartbeat, lastAt: at, beats }, nothing];
  const intervalMs = Math.max(0, at - lastAt);
  const intervals = [...heartbeat.intervals, intervalMs].slice(-keptIntervals);
  const seen = cadenceOf(intervalMs);
  const own = heartbeat.cadence;
  const late = lateness(own, seen, intervalMs);
  const next = {
    ...heartbeat,
    ...(late === null ? follow(heartbeat, seen) : {}),
    lastAt: Math.max(at, lastAt),
    beats,
    intervals,
    missed: heartbeat.missed + (late?.missed ?? 0),
    missingTold: false,
  };
  const observations: HeartbeatObservation[] = late === null ? [] : [late];
  if (next.cadence !== own) {
    observations.push({ kind: "cadence-changed", from: own, to: next.cadence });
  }
  return [{ ...next, jitterMs: jitterOf(intervals, next.cadence) }, observations];
}

/** Tells once when a beat is missing. */
export function waitForBeat(
  heartbeat: Heartbeat,
  at: MonotonicMs,
): readonly [Heartbeat, readonly HeartbeatObservation[]] {
  const deadline = heartbeatDeadline(heartbeat);
  if (deadline === null || heartbeat.lastAt === null || at < deadline) return [heartbeat, nothing];
  const sinceMs = at - heartbeat.lastAt;
  return [{ ...heartbeat, missingTold: true }, [{ kind: "beat-missing", sinceMs }]];
}

/** When the next beat will be missing; null while no rhythm is known, or once that has been told. */
export function heartbeatDeadline(heartbeat: Heartbeat): MonotonicMs | null {
  const period = periodOf(heartbeat.cadence);
  if (period === null || heartbeat.lastAt === null || heartbeat.missingTold) return null;
  return heartbeat.lastAt + period + graceMs;
}

function cadenceOf(intervalMs: number): Cadence {
  const found = cadences.find(
    ({ periodMs, toleranceMs }) => Math.abs(intervalMs - periodMs) <= toleranceMs,
  );
  return found?.cadence ?? "irregular";
}

const periodOf = (cadence: Cadence): number | null =>
  cadences.find((one) => one.cadence === cadence)?.periodMs ?? null;

/** Longer than the own period: beats were missed, the rhythm is the same. Shorter ones are another rhythm. */
function lateness(own: Cadence, seen: Cadence, intervalMs: number) {
  const period = periodOf(own);
  if (period === null || seen === own || intervalMs < period) return null;
  // A slower known rhythm may be a change: 20 s back to 60 s.
  if (seen !== "irregular") return null;
  const missed = Math.max(0, Math.round(intervalMs / period) - 1);
  return { kind: "beat-late", intervalMs, missed } as const;
}

function follow(
  heartbeat: Heartbeat,
  seen: Cadence,
): Pick<Heartbeat, "cadence" | "candidate" | "candidateCount"> {
  const { cadence, candidate, candidateCount } = heartbeat;
  if (seen === cadence) return { cadence, candidate: "unknown", candidateCount: 0 };
  if (cadence === "unknown" && seen !== "irregular") {
    return { cadence: seen, candidate: "unknown", candidateCount: 0 };
  }
  const count = seen === candidate ? candidateCount + 1 : 1;
  if (count < confirmations) return { cadence, candidate: seen, candidateCount: count };
  return { cadence: seen, candidate: "unknown", candidateCount: 0 };
}

function jitterOf(intervals: readonly number[], cadence: Cadence): number | null {
  const period = periodOf(cadence);
  if (period === null) return null;
  const own = intervals.filter((interval) => cadenceOf(interval) === cadence);
  if (own.length === 0) return null;
  return Math.max(...own.map((interval) => Math.abs(interval - period)));
}
