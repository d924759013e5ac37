/** The goals, judged by the medians of this run. A goal whose rows were not run is not judged. */
import type { Results } from "./measure.ts";
import { medianOf, percentileOf, written } from "./numbers.ts";
import type { RowId } from "./options.ts";
import type { PageFigures } from "./page.ts";
import type { FigureColumn, Row } from "./rows/row.ts";

interface Verdict {
  readonly goal: string;
  /** null = not measured in this run. */
  readonly met: boolean | null;
  readonly found: string;
}

const us = "boshscope";
const peers = ["hmp", "hmp-default", "mockttp", "whistle", "anyproxy", "mitmproxy", "squid"];
/** Columns in which a peer can be ahead; the others explain. */
const contested: readonly (readonly [RowId, string])[] = [
  ["c1", "perSecond"],
  ["c32", "perSecond"],
  ["c256", "perSecond"],
  ["latency", "addedP50"],
  ["latency", "addedP99"],
  ["download", "rate"],
  ["hosts", "p50"],
  ["hosts", "max"],
  ["hold", "completed"],
  ["hold", "perPoll"],
];

class Judge {
  readonly #results: Results;
  readonly #rows: readonly Row[];
  readonly verdicts: Verdict[] = [];

  constructor(results: Results, rows: readonly Row[]) {
    this.#results = results;
    this.#rows = rows;
  }

  median(row: RowId, candidate: string, key: string): number {
    return medianOf(this.#results.values(row, candidate, key));
  }

  worst(row: RowId, candidate: string, key: string): number {
    return percentileOf(this.#results.values(row, candidate, key), 100);
  }

  least(row: RowId, candidate: string, key: string): number {
    return percentileOf(this.#results.values(row, candidate, key), 0);
  }

  ratio(row: RowId, candidate: string, base: string, key: string): number {
    return medianOf(this.#results.ratios(row, candidate, base, key));
  }

  /** Notes whether `value` keeps to `test`; NaN = not measured. */
  note(goal: string, value: number, test: (value: number) => boolean, unit = ""): void {
    const known = Number.isFinite(value);
    const found = known ? `${written(value)}${unit}` : "not measured";
    this.verdicts.push({ goal, met: known ? test(value) : null, found });
  }

  #column(row: RowId, key: string): FigureColumn | undefined {
    return this.#rows.find(({ id }) => id === row)?.columns.find((column) => column.key === key);
  }

  /** Peers that are ahead of us, in words. */
  ahead(row: RowId, key: string): { readonly compared: number; readonly ahead: readonly string[] } {
    const column = this.#column(row, key);
    const ours = this.median(row, us, key);
    if (column === undefined || !Number.isFinite(ours)) return { compared: 0, ahead: [] };
    const theirs = peers
      .map((peer) => ({ peer, value: this.median(row, peer, key) }))
      .filter(({ value }) => Number.isFinite(value));
    // Completed polls can't be more than all: there a draw is no defeat. Elsewhere it hardly happens.
    const better = (value: number): boolean =>
      column.better === "more" ? value > ours : value < ours;
    const ahead = theirs.filter(({ value }) => better(value));
    return {
      compared: theirs.length,
      ahead: ahead.map(({ peer, value }) => `${peer} ${written(value)} against ${written(ours)}`),
    };
  }
}

function judgePeers(judge: Judge): void {
  for (const [row, key] of contested) {
    const { compared, ahead } = judge.ahead(row, key);
    const found = ahead.length > 0 ? ahead.join("; ") : `${compared} peers compared`;
    const met = compared === 0 ? null : ahead.length === 0;
    judge.verdicts.push({ goal: `ahead of every peer: ${row} ${key}`, met, found });
  }
}

function judgeLimits(judge: Judge): void {
  const limit = judge.ratio("c32", "relay", "hmp", "perSecond");
  judge.note(
    "the bare relay is the limit: 4 × http-mitm-proxy keepAlive",
    limit,
    (v) => v >= 4,
    "×",
  );
  const c32 = judge.ratio("c32", us, "relay", "perSecond");
  judge.note("requests/s at 32 connections: 0.7 of the bare relay", c32, (v) => v >= 0.7);
  const opened = judge.ratio("connections", us, "relay", "perSecond");
  judge.note("new TLS connections/s: 0.8 of the bare relay", opened, (v) => v >= 0.8);
  const p50 = judge.median("hosts", us, "p50");
  judge.note(
    "first connection to a new host: under 20 ms at the median",
    p50,
    (v) => v < 20,
    " ms",
  );
  const max = judge.worst("hosts", us, "max");
  judge.note("first connection to a new host: 60 ms at most", max, (v) => v <= 60, " ms");
  const rate = judge.ratio("download", us, "relay", "rate");
  judge.note("100 MB: 0.9 of the bare relay", rate, (v) => v >= 0.9);
  const growth = judge.worst("download", us, "growth");
  judge.note("100 MB: memory within 40 MB", growth, (v) => v <= 40, " MB");
  const added = judge.median("latency", us, "addedP50");
  judge.note("added p50 under 0.3 ms", added, (v) => v < 0.3, " ms");
}

function judgeHold(judge: Judge, polls: number): void {
  const fewest = judge.least("hold", us, "completed");
  judge.note(`${polls} held polls: all complete`, fewest, (v) => v === polls);
  const memory = judge.ratio("hold", us, "relay", "rss");
  judge.note("held polls: at most 1.25 of the bare relay's memory", memory, (v) => v <= 1.25);
  judge.note(
    "held polls: under 300 MB in all",
    judge.worst("hold", us, "rss"),
    (v) => v < 300,
    " MB",
  );
}

function judgePage(judge: Judge, page: PageFigures | null): void {
  const of = (value: number | undefined): number => value ?? Number.NaN;
  const delay = of(page?.feedDelayP99);
  judge.note("feed delay p99 under 200 ms at 500 exchanges/s", delay, (v) => v < 200, " ms");
  judge.note("100,000 rows painted under 250 ms", of(page?.paintMs), (v) => v < 250, " ms");
  judge.note("script per frame p95 under 8 ms", of(page?.scriptP95), (v) => v < 8, " ms");
  const frames = of(page?.frameP95) / of(page?.plainFrameP95);
  judge.note("frame p95 within 1.2 of a plain windowed list", frames, (v) => v <= 1.2, "×");
}

/** Markdown: each goal, met or not, with what was found. */
export function goalsOf(
  results: Results,
  rows: readonly Row[],
  extra: { readonly polls: number; readonly page: PageFigures | null },
): string {
  const judge = new Judge(results, rows);
  judgeLimits(judge);
  judgePeers(judge);
  judgeHold(judge, extra.polls);
  judgePage(judge, extra.page);
  const judged = judge.verdicts.filter(({ met }) => met !== null);
  const lines = judged.map(
    ({ goal, met, found }) => `| ${goal} | ${met ? "met" : "NOT MET"} | ${found} |`,
  );
  const missed = judge.verdicts.length - judged.length;
  const rest = missed > 0 ? ["", `${missed} goals were not measured in this run.`] : [];
  return ["| goal | | found |", "| --- | --- | --- |", ...lines, ...rest].join("\n");
}
