/** The rhythm of an agent's polls in figures, and which figure of two stands out: healthy beside sick. */
import type { ExchangeSummary } from "../../src/domain/exchange.ts";

export type Poll = Pick<
  ExchangeSummary,
  "at" | "sid" | "rid" | "holdMs" | "thinkGapMs" | "outcome" | "notes"
>;

/** null = nothing to measure. */
export interface Rhythm {
  readonly polls: number;
  readonly sessions: number;
  readonly spanMs: number | null;
  readonly cadenceMs: number | null;
  readonly holdMedianMs: number | null;
  readonly holdP95Ms: number | null;
  readonly holdMaxMs: number | null;
  readonly gapMedianMs: number | null;
  readonly gapP95Ms: number | null;
  readonly gapMaxMs: number | null;
  readonly longGaps: number;
  /** Held longer than granted, and given back empty before the time. */
  readonly overdue: number;
  readonly earlyEmpties: number;
  readonly empties: number;
  readonly failures: number;
  readonly retransmissions: number;
  /** rids between the lowest and highest of a session that were not seen. */
  readonly ridsMissing: number;
}

/** No client library pauses so long between polls. */
const longGapMs = 5000;

/** Of polls in any order. */
export function rhythmOf(polls: readonly Poll[]): Rhythm {
  const starts = polls.map(({ at }) => Date.parse(at)).sort((one, other) => one - other);
  const holds = sorted(polls.map(({ holdMs }) => holdMs));
  const gaps = sorted(polls.map(({ thinkGapMs }) => thinkGapMs));
  const steps = sorted(starts.slice(1).map((start, index) => start - (starts[index] ?? start)));
  const [first] = starts;
  const last = starts.at(-1);
  const noted = (note: Poll["notes"][number]): number =>
    polls.filter(({ notes }) => notes.includes(note)).length;
  return {
    polls: polls.length,
    sessions: new Set(polls.map(({ sid }) => sid).filter((sid) => sid !== null)).size,
    spanMs: first === undefined || last === undefined ? null : last - first,
    cadenceMs: part(steps, 0.5),
    holdMedianMs: part(holds, 0.5),
    holdP95Ms: part(holds, 0.95),
    holdMaxMs: part(holds, 1),
    gapMedianMs: part(gaps, 0.5),
    gapP95Ms: part(gaps, 0.95),
    gapMaxMs: part(gaps, 1),
    longGaps: gaps.filter((gap) => gap > longGapMs).length,
    overdue: noted("overdue"),
    earlyEmpties: noted("early-empty"),
    empties: noted("empty"),
    failures: polls.filter(hasFailed).length,
    retransmissions: noted("retransmission"),
    ridsMissing: missingRids(polls),
  };
}

const hasFailed = ({ outcome }: Poll): boolean =>
  outcome.kind === "failed" || (outcome.kind === "responded" && outcome.status >= 400);

const sorted = (values: readonly (number | null)[]): readonly number[] =>
  values.filter((value) => value !== null).sort((one, other) => one - other);

/** Nearest rank. */
function part(values: readonly number[], share: number): number | null {
  return values[Math.max(0, Math.ceil(values.length * share) - 1)] ?? null;
}

function missingRids(polls: readonly Poll[]): number {
  const bySid = new Map<string, Set<number>>();
  for (const { sid, rid } of polls) {
    if (sid === null || rid === null) continue;
    const rids = bySid.get(sid);
    if (rids === undefined) bySid.set(sid, new Set([rid]));
    else rids.add(rid);
  }
  let missing = 0;
  for (const rids of bySid.values()) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const rid of rids) {
      low = Math.min(low, rid);
      high = Math.max(high, rid);
    }
    missing += high - low + 1 - rids.size;
  }
  return missing;
}

/** Figures of which more is worse; the others are neither good nor bad: a long hold is a quiet agent's. */
const worse: ReadonlySet<keyof Rhythm> = new Set([
  "gapMedianMs",
  "gapP95Ms",
  "gapMaxMs",
  "longGaps",
  "overdue",
  "earlyEmpties",
  "failures",
  "retransmissions",
  "ridsMissing",
]);

/** Which side stands out by that figure: at least twice the other, and by more than the noise of a healthy session. */
export function standsOut(
  name: keyof Rhythm,
  left: Rhythm,
  right: Rhythm,
): "left" | "right" | null {
  if (!worse.has(name) || left.polls === 0 || right.polls === 0) return null;
  const [one, other] = [left[name] ?? 0, right[name] ?? 0];
  const noise = name.endsWith("Ms") ? 1000 : 0;
  if (one > other * 2 && one - other > noise) return "left";
  return other > one * 2 && other - one > noise ? "right" : null;
}
