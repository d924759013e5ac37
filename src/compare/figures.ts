/** The rhythm of a capture in figures, and which figure of two stands out: healthy beside sick. */
import type { CaptureFigures, Figure } from "../domain/comparison.ts";
import type { ExchangeSummary } from "../domain/exchange.ts";

/** No client library pauses so long between polls. */
const longGapMs = 5000;

/** Of exchanges in any order; what Boshscope itself asked does not count. */
export function figuresOf(exchanges: readonly ExchangeSummary[]): CaptureFigures {
  const seen = exchanges.filter(
    ({ notes }) => !notes.includes("probe") && !notes.includes("replayed"),
  );
  const polls = seen.filter(({ role }) => role === "poll");
  return {
    ...pollFigures(polls),
    ...beatFigures(seen.filter(({ role }) => role === "systeminfo")),
    ...restFigures(seen.filter(({ role }) => role === "rest")),
  };
}

type PollFigures = Omit<CaptureFigures, keyof BeatFigures | keyof RestFigures>;
type BeatFigures = Pick<
  CaptureFigures,
  "beats" | "beatCadenceMs" | "beatLatencyMedianMs" | "beatLatencyMaxMs"
>;
type RestFigures = Pick<
  CaptureFigures,
  "restRequests" | "restFailures" | "restLatencyMedianMs" | "restLatencyP95Ms" | "restLatencyMaxMs"
>;

function pollFigures(polls: readonly ExchangeSummary[]): PollFigures {
  const starts = polls.map(({ at }) => Date.parse(at)).toSorted((a, b) => a - b);
  const holds = sorted(polls.map(({ holdMs }) => holdMs));
  const gaps = sorted(polls.map(({ thinkGapMs }) => thinkGapMs));
  const [first] = starts;
  const last = starts.at(-1);
  const noted = (note: ExchangeSummary["notes"][number]): number =>
    polls.filter(({ notes }) => notes.includes(note)).length;
  return {
    polls: polls.length,
    sessions: new Set(polls.flatMap(({ sid }) => sid ?? [])).size,
    spanMs: first === undefined || last === undefined ? null : last - first,
    cadenceMs: cadenceOf(polls, ({ sid }) => sid ?? ""),
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
    ridsOutOfWindow: noted("rid-out-of-window"),
    terminates: noted("terminate"),
  };
}

function beatFigures(beats: readonly ExchangeSummary[]): BeatFigures {
  const latencies = sorted(beats.map(({ holdMs }) => holdMs));
  return {
    beats: beats.length,
    beatCadenceMs: cadenceOf(beats, ({ agent, host }) => `${agent} ${host}`),
    beatLatencyMedianMs: part(latencies, 0.5),
    beatLatencyMaxMs: part(latencies, 1),
  };
}

function restFigures(requests: readonly ExchangeSummary[]): RestFigures {
  const latencies = sorted(requests.map(({ holdMs }) => holdMs));
  return {
    restRequests: requests.length,
    restFailures: requests.filter(hasFailed).length,
    restLatencyMedianMs: part(latencies, 0.5),
    restLatencyP95Ms: part(latencies, 0.95),
    restLatencyMaxMs: part(latencies, 1),
  };
}

/** The median distance of two that follow each other in the same series. */
function cadenceOf(
  exchanges: readonly ExchangeSummary[],
  series: (exchange: ExchangeSummary) => string,
): number | null {
  const steps: number[] = [];
  for (const group of Map.groupBy(exchanges, series).values()) {
    const starts = group.map(({ at }) => Date.parse(at)).toSorted((a, b) => a - b);
    starts.slice(1).forEach((start, index) => steps.push(start - (starts[index] ?? start)));
  }
  return part(sorted(steps), 0.5);
}

const hasFailed = ({ outcome }: ExchangeSummary): boolean =>
  outcome.kind === "failed" || (outcome.kind === "responded" && outcome.status >= 400);

const sorted = (values: readonly (number | null)[]): readonly number[] =>
  values.filter((value) => value !== null).toSorted((a, b) => a - b);

/** Nearest rank. */
function part(values: readonly number[], share: number): number | null {
  return values[Math.max(0, Math.ceil(values.length * share) - 1)] ?? null;
}

function missingRids(polls: readonly ExchangeSummary[]): number {
  let missing = 0;
  for (const group of Map.groupBy(polls, ({ sid }) => sid ?? "").values()) {
    const rids = new Set(group.flatMap(({ sid, rid }) => (sid === null ? [] : (rid ?? []))));
    if (rids.size === 0) continue;
    const [low, high] = [...rids].reduce(
      ([least, most], rid) => [Math.min(least, rid), Math.max(most, rid)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
    missing += high - low + 1 - rids.size;
  }
  return missing;
}

/** Figures of which more is worse; the others are neither good nor bad: a long hold is a quiet agent's. */
const worse: ReadonlySet<keyof CaptureFigures> = new Set([
  "gapMedianMs",
  "gapP95Ms",
  "gapMaxMs",
  "longGaps",
  "overdue",
  "earlyEmpties",
  "failures",
  "retransmissions",
  "ridsMissing",
  "ridsOutOfWindow",
  "beatLatencyMedianMs",
  "beatLatencyMaxMs",
  "restFailures",
  "restLatencyMedianMs",
  "restLatencyP95Ms",
  "restLatencyMaxMs",
]);

/** What a healthy session varies by, ms. */
const noiseMs = 1000;
const latencyNoiseMs = 100;

export function compareFigures(left: CaptureFigures, right: CaptureFigures): readonly Figure[] {
  const names = Object.keys(left) as (keyof CaptureFigures)[];
  return names.map((name) => ({
    name,
    left: left[name],
    right: right[name],
    sick: standsOut(name, left, right),
  }));
}

/** At least twice the other, and by more than noise. */
function standsOut(
  name: keyof CaptureFigures,
  left: CaptureFigures,
  right: CaptureFigures,
): Figure["sick"] {
  const isEmpty = ({ polls, restRequests, beats }: CaptureFigures): boolean =>
    polls + restRequests + beats === 0;
  if (!worse.has(name) || isEmpty(left) || isEmpty(right)) return null;
  const [one, other] = [left[name] ?? 0, right[name] ?? 0];
  const ms = name.includes("Latency") ? latencyNoiseMs : noiseMs;
  const noise = name.endsWith("Ms") ? ms : 0;
  if (one > other * 2 && one - other > noise) return "left";
  return other > one * 2 && other - one > noise ? "right" : null;
}
