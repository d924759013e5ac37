/** The one table: a line per candidate, a column per figure, medians with their spread and ratios in the same rounds. */
import type { Candidate } from "./candidates/candidate.ts";
import type { Results } from "./measure.ts";
import { medianOf, written, writtenSpread } from "./numbers.ts";
import type { FigureColumn, Row } from "./rows/row.ts";

/** The figures told as ratios too: to the bare relay, and to http-mitm-proxy with keepAlive. */
const withRatios = new Set(["c1/perSecond", "c32/perSecond", "c256/perSecond"]);
const withRelayRatio = new Set(["download/rate", "connections/perSecond", "hold/rss"]);

function cell(results: Results, row: Row, candidate: Candidate, column: FigureColumn): string {
  const outcomes = results.all(row.id, candidate.id);
  const voided = outcomes.filter((outcome) => outcome.void !== null);
  if (outcomes.length > 0 && voided.length === outcomes.length) return "void";
  const spread = writtenSpread(results.values(row.id, candidate.id, column.key));
  const key = `${row.id}/${column.key}`;
  const bases = withRatios.has(key) ? ["relay", "hmp"] : withRelayRatio.has(key) ? ["relay"] : [];
  const ratios = bases.map((base) =>
    written(medianOf(results.ratios(row.id, candidate.id, base, column.key))),
  );
  const told = ratios.some((ratio) => ratio !== "-") ? ` ×${ratios.join(" / ×")}` : "";
  return `${spread}${told}${voided.length > 0 ? ` [${voided.length} void]` : ""}`;
}

/** Markdown: the table of the rows measured. */
export function tableOf(
  results: Results,
  rows: readonly Row[],
  candidates: readonly Candidate[],
): string {
  const columns = rows.flatMap((row) => row.columns.map((column) => ({ row, column })));
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const head = line(["candidate", ...columns.map(({ column }) => column.heading)]);
  const rule = line(["---", ...columns.map(() => "---:")]);
  const body = candidates.map((candidate) =>
    line([
      candidate.title,
      ...columns.map(({ row, column }) => cell(results, row, candidate, column)),
    ]),
  );
  return [head, rule, ...body].join("\n");
}

/** Markdown list of what did not count and why; "" when everything did. */
export function voidsOf(
  results: Results,
  rows: readonly Row[],
  candidates: readonly Candidate[],
): string {
  const lines = rows.flatMap((row) =>
    candidates.flatMap((candidate) =>
      results
        .all(row.id, candidate.id)
        .flatMap((outcome, round) =>
          outcome.void === null
            ? []
            : [`- ${row.id}, round ${round + 1}, ${candidate.id}: ${outcome.void}`],
        ),
    ),
  );
  return lines.join("\n");
}
