/** The benchmark's command line. */
import { parseArgs } from "node:util";

const rowIds = [
  "c1",
  "c32",
  "c256",
  "latency",
  "download",
  "connections",
  "hosts",
  "hold",
  "page",
  "kill",
] as const;
export type RowId = (typeof rowIds)[number];

export interface BenchOptions {
  readonly rounds: number;
  readonly rows: readonly RowId[];
  /** Candidate ids, or null for all. */
  readonly candidates: readonly string[] | null;
  readonly quick: boolean;
  readonly pin: boolean;
  /** Seconds of load in a row of requests. */
  readonly seconds: number;
  /** Kill rounds in the row "kill". */
  readonly kills: number;
}

export const usage = `npm run bench -- [options]
  --rounds N            rounds, default 3 (the row hold: at most 2)
  --rows a,b            of: ${rowIds.join(" ")}; default all
  --candidates a,b      of: boshscope direct relay hmp hmp-default mockttp whistle anyproxy mitmproxy squid
  --only a,b            rows and candidates in one list
  --seconds N           load per row of requests, default 5
  --kills N             kill -9 rounds, default 20
  --quick               one short round: proves that it works, its figures say little
  --pin                 load and servers on core 0 (taskset); candidates stay free on all cores`;

const list = (text: string | undefined): string[] | null =>
  text === undefined ? null : text.split(",").filter((word) => word !== "");

const isRow = (word: string): word is RowId => (rowIds as readonly string[]).includes(word);

/** Throws on an unknown flag or row. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: text,
      rows: text,
      candidates: text,
      only: text,
      seconds: text,
      kills: text,
      quick: flag,
      pin: flag,
    },
  });
  const only = list(values.only);
  const onlyRows = only?.filter(isRow) ?? [];
  const onlyCandidates = only?.filter((word) => !isRow(word)) ?? [];
  const rows = list(values.rows) ?? onlyRows;
  const unknown = rows.find((word) => !isRow(word));
  if (unknown !== undefined) throw new Error(`There is no row "${unknown}".\n${usage}`);
  return {
    rounds: Number(values.rounds ?? (values.quick ? 1 : 3)),
    rows: rows.length > 0 ? rows.filter(isRow) : rowIds,
    candidates: list(values.candidates) ?? (onlyCandidates.length > 0 ? onlyCandidates : null),
    quick: values.quick,
    pin: values.pin,
    seconds: Number(values.seconds ?? (values.quick ? 1 : 5)),
    kills: Number(values.kills ?? (values.quick ? 3 : 20)),
  };
}
