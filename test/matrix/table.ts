/** The matrix as a table: recall and precision by cause, sides, times, false alarms. */
import type { RunResult } from "./contract.ts";
import { type Score, scoreOf } from "./score.ts";

interface Scored {
  readonly result: RunResult;
  readonly score: Score;
}

export function tableOf(results: readonly RunResult[]): string {
  const broken = results.filter(({ broken }) => broken !== null);
  const scored = results
    .filter(({ broken }) => broken === null)
    .map((result) => ({ result, score: scoreOf(result) }));
  const faults = scored.filter(({ result }) => result.truth.cause !== "healthy");
  const healthy = scored.filter(({ result }) => result.truth.cause === "healthy");
  const real = scored.filter(({ result }) => result.truth.world !== "simulator");
  return [
    byCause(faults, scored),
    "",
    summary("all fault runs", faults),
    summary("simulated servers and desktops", withoutReal(faults)),
    summary("prosody or ejabberd, strophe.js in Chromium", onlyReal(faults)),
    `real parts in ${real.length} of ${scored.length} runs (${percent(real.length, scored.length)})`,
    healthySummary(healthy),
    `stages that failed, not counted: ${broken.length}`,
    ...misses(faults),
  ].join("\n");
}

const withoutReal = (scored: readonly Scored[]): Scored[] =>
  scored.filter(({ result }) => result.truth.world === "simulator");
const onlyReal = (scored: readonly Scored[]): Scored[] =>
  scored.filter(({ result }) => result.truth.world !== "simulator");

function byCause(faults: readonly Scored[], all: readonly Scored[]): string {
  const causes = [...new Set(faults.map(({ result }) => result.truth.cause))].toSorted(
    (a, b) => Number(a.slice(1)) - Number(b.slice(1)),
  );
  const head = ["cause", "runs", "real", "recall", "precision", "side", "≤10 s", "median s"];
  const rows = causes.map((cause) => {
    const mine = faults.filter(({ result }) => result.truth.cause === cause);
    const right = mine.filter(({ score }) => score.causeRight);
    const claimed = all.filter(({ score }) => score.verdict === cause);
    const correct = claimed.filter(({ score }) => score.causeRight);
    return [
      cause,
      `${mine.length}`,
      `${onlyReal(mine).length}`,
      percent(right.length, mine.length),
      percent(correct.length, claimed.length),
      percent(mine.filter(({ score }) => score.sideRight).length, mine.length),
      percent(mine.filter(({ score }) => score.prompt).length, mine.length),
      median(right.map(({ score }) => score.seconds ?? Number.NaN)),
    ];
  });
  return [head, ...rows].map((row) => row.map((cell) => cell.padStart(9)).join("")).join("\n");
}

function summary(name: string, scored: readonly Scored[]): string {
  const count = (fits: (score: Score) => boolean): string =>
    percent(scored.filter(({ score }) => fits(score)).length, scored.length);
  const cause = count(({ causeRight }) => causeRight);
  const named = count((score) => score.named);
  const side = count(({ sideRight }) => sideRight);
  const prompt = count((score) => score.prompt);
  const others = scored.filter(({ score }) => score.others.length > 0).length;
  return `${name}: ${scored.length} runs, cause right ${cause}, side right ${side}, cause right or named as fitting nearly as well ${named}, right within 10 s ${prompt}, with a second finding that blames another cause ${others}`;
}

function healthySummary(healthy: readonly Scored[]): string {
  const minutes = healthy.reduce((sum, { result }) => sum + result.seconds, 0) / 60;
  const alarms = healthy.reduce((sum, { score }) => sum + score.falseAlarms, 0);
  return `healthy: ${healthy.length} runs, ${minutes.toFixed(1)} minutes, false alarms (counted double) ${alarms}`;
}

function misses(faults: readonly Scored[]): string[] {
  return faults
    .filter(({ score }) => !score.causeRight || !score.sideRight || !score.prompt)
    .map(({ result: { truth }, score }) => {
      const late =
        score.seconds === null ? "never right" : `right after ${score.seconds.toFixed(1)} s`;
      return `  ${truth.run}: ${truth.cause} (${truth.sides[0]}) told as ${score.verdict} (${score.sideOf}), ${late}`;
    });
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? "–" : `${((100 * part) / whole).toFixed(0)} %`;

function median(values: readonly number[]): string {
  const known = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  const middle = known[Math.floor(known.length / 2)];
  return middle === undefined ? "–" : middle.toFixed(1);
}
