/** What a run's verdict is worth. Pure. */
import type { FindingView } from "../../src/server/messages.ts";
import type { RunResult } from "./contract.ts";

export const promptMs = 10_000;

export interface Score {
  /** "none": no finding at all; "broken": the stage failed, nothing can be said. */
  readonly verdict: string;
  readonly sideOf: string;
  readonly causeRight: boolean;
  readonly sideRight: boolean;
  /** Seconds from the completing event to the first sight of the right verdict; negative = sooner. null = never. */
  readonly seconds: number | null;
  readonly prompt: boolean;
  /** The cause is the verdict's, or the one its verdict says fits nearly as well. */
  readonly named: boolean;
  /** Findings besides the verdict that blame another cause. */
  readonly others: readonly string[];
  /** Of a healthy run: findings there should not be, each counted double. */
  readonly falseAlarms: number;
}

const weight = { disconnect: 2, "near-miss": 1, warning: 0 } as const;

/** The finding a person would read first: the gravest, then the surest, then the earliest. */
export function verdictOf(findings: readonly FindingView[]): FindingView | null {
  return (
    findings.toSorted(
      (a, b) =>
        weight[b.severity] - weight[a.severity] ||
        b.confidence - a.confidence ||
        a.at.localeCompare(b.at),
    )[0] ?? null
  );
}

export function scoreOf(result: RunResult): Score {
  const { truth, findings } = result;
  const verdict = verdictOf(findings);
  const wanted = truth.cause;
  const sides: readonly string[] = truth.sides;
  const others = findings
    .filter((finding) => finding !== verdict && finding.cause !== wanted)
    .map(({ cause }) => cause);
  if (truth.cause === "healthy") {
    return {
      verdict: verdict?.cause ?? "none",
      sideOf: verdict?.side ?? "",
      causeRight: verdict === null,
      sideRight: verdict === null,
      seconds: null,
      prompt: true,
      named: verdict === null,
      others,
      falseAlarms: findings.length * 2,
    };
  }
  // Whoever else is blamed for what a rule did is blamed wrongly, and nothing may be said where nothing broke.
  const isRule = wanted === "F25";
  const isHarmless = truth.parameters["mayBeHarmless"] === true && verdict === null;
  const causeRight = isHarmless || (verdict?.cause === wanted && !(isRule && others.length > 0));
  const seconds = secondsToRight(result, wanted, sides);
  return {
    verdict: verdict?.cause ?? "none",
    sideOf: verdict?.side ?? "",
    causeRight,
    sideRight: isHarmless || (verdict !== null && sides.includes(verdict.side)),
    seconds,
    prompt: causeRight && seconds !== null && seconds * 1000 <= promptMs,
    named: causeRight || isRival(verdict, wanted),
    others,
    falseAlarms: 0,
  };
}

/** A finding names its rival in one of its reasons: "F11 fits nearly as well (64 %)." */
const isRival = (verdict: FindingView | null, cause: string): boolean =>
  verdict?.reasons.some((reason) => reason.startsWith(`${cause} fits`)) === true;

function secondsToRight(
  { sightings, played }: RunResult,
  cause: string,
  sides: readonly string[],
): number | null {
  if (played === null) return null;
  const right = sightings.find(
    (sighting) => sighting.cause === cause && sides.includes(sighting.side),
  );
  return right === undefined ? null : (right.at - played.completedAt) / 1000;
}
