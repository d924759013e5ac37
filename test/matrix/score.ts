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
  const wanted = truth.byRules ? "F25" : truth.cause;
  const sides: readonly string[] = truth.byRules ? ["fault-rule"] : truth.sides;
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
      others,
      falseAlarms: findings.length * 2,
    };
  }
  const causeRight = verdict?.cause === wanted;
  const seconds = secondsToRight(result, wanted, sides);
  return {
    verdict: verdict?.cause ?? "none",
    sideOf: verdict?.side ?? "",
    causeRight,
    sideRight: verdict !== null && sides.includes(verdict.side),
    seconds,
    prompt: causeRight && seconds !== null && seconds * 1000 <= promptMs,
    others,
    falseAlarms: 0,
  };
}

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
