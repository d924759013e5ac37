/** A detector's claim on a case: this cause, that sure, because of these. */
import type { CauseCode, FindingSide, Phrase } from "../domain/finding.ts";
import type { Case } from "./case.ts";
import { inOrder, type Symptom } from "./symptom.ts";
import { limits } from "./thresholds.ts";

export interface Claim {
  readonly cause: CauseCode;
  readonly side: FindingSide;
  /** 0 to 1; the highest claim becomes the verdict. */
  readonly confidence: number;
  readonly because: readonly Phrase[];
  /** What would settle it. */
  readonly settle: readonly Phrase[];
}

/** null = nothing speaks for this cause. */
export type Detector = (one: Case) => Claim | null;

export const phrase = (key: string, values: Phrase["values"] = {}): Phrase => ({ key, values });

/** Simultaneous among many speaks for the server, one alone among many against it (the article's own rule). */
export function manyAgents(one: Case): { readonly shift: number; readonly because: Phrase[] } {
  const count = one.agents.length;
  if (count >= 3 && count >= one.observed / 2)
    return { shift: 0.1, because: [phrase("because.many", { count, observed: one.observed })] };
  if (count <= 1 && one.unharmed >= 2)
    return { shift: -0.25, because: [phrase("because.alone", { unharmed: one.unharmed })] };
  return { shift: 0, because: [] };
}

/** Sooner, a dying service may still have taken it. */
const heldForMs = 2000;

/** It answered somebody since, or after the first cut took and held requests again, though these were cut as well: whatever cuts, a service is there. */
export function isServing({ notification, scale, survivors }: Case): boolean {
  if (notification.isUp || survivors > 0) return true;
  const cuts = notification.symptoms.filter(({ kind }) => kind === "reset" || kind === "fin");
  const first = Math.min(...cuts.map(({ at }) => at));
  const held = heldForMs / scale;
  return cuts.some(({ at, ms }) => ms !== null && ms >= held && at - ms > first + held);
}

/** A connection that the server itself closed: TLS said so before the FIN. A process that was killed, and a device between, only send FIN. */
export const closedInOrder = ({ kind, detail }: Symptom): boolean =>
  kind === "fin" && detail === inOrder;

/**
 * A server that restarted forgets each session once. One that drops an agent's new session as well, and at once, is upset by what it
 * is sent: the number of sessions dropped then, else 0.
 */
export function lostAgain(one: Case): number {
  const { notification, sessions, scale } = one;
  if (notification.count("refused", "reset", "fin", "unavailable", "no-answer") > 0) return 0;
  const gone = new Map<string, number>();
  for (const { kind, session, at } of notification.symptoms)
    if (kind === "invalid-sid" && session !== null && !gone.has(session)) gone.set(session, at);
  const dropped = sessions.filter(({ key }) => gone.has(key));
  const quick = dropped.filter(
    ({ key, agent, startedAt }) =>
      (gone.get(key) ?? 0) - startedAt < limits.together / 10 / scale &&
      // A session dropped while it signs in names no agent yet.
      dropped.some(
        (other) => (agent === null || other.agent === agent) && other.startedAt < startedAt,
      ),
  );
  return quick.length === 0 ? 0 : dropped.length;
}

export const bounded = (confidence: number): number =>
  Math.round(Math.min(0.98, Math.max(0.05, confidence)) * 100) / 100;

/** Seconds for people, in protocol time. */
export const secondsOf = (ms: number, scale: number): number => Math.round((ms * scale) / 100) / 10;
