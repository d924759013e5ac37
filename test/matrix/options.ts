/** The command line of the matrix. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Scenario } from "./contract.ts";

export interface MatrixOptions {
  readonly seeds: readonly number[];
  readonly atATime: number;
  readonly results: string;
  readonly byRules: boolean;
  readonly tableOnly: boolean;
  /** Few and short runs, anew each time; any miss fails the command. */
  readonly quick: boolean;
  readonly wanted: (scenario: Scenario) => boolean;
}

/** Quick runs must not be taken for done because they were done before. */
const defaultResults = (quick: boolean): string =>
  quick
    ? mkdtempSync(join(tmpdir(), "boshscope-matrix-"))
    : fileURLToPath(new URL("results", import.meta.url));

/** Too long for every seed. */
const onlyByName: ReadonlySet<string> = new Set(["healthy-hour"]);

/** About half a minute each, and far from every threshold, so that a busy machine does not change the verdict. */
const quickOnes = [
  "service-stopped",
  "service-crashed",
  "invalid-character",
  "tomcat-stopped",
  "cti-lost",
  "signed-in-twice",
];

export function readOptions(argv: readonly string[]): MatrixOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      scenarios: { type: "string" },
      causes: { type: "string" },
      seeds: { type: "string" },
      "at-a-time": { type: "string", default: "3" },
      results: { type: "string" },
      "by-rules": { type: "boolean", default: false },
      table: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
    },
  });
  const seeds = values.seeds ?? (values.quick ? "0" : "0-4");
  const [first = 0, last = first] = seeds.split("-").map(Number);
  const names = values.scenarios?.split(",") ?? (values.quick ? quickOnes : undefined);
  const causes = values.causes?.split(",");
  return {
    seeds: Array.from({ length: last - first + 1 }, (_, index) => first + index),
    atATime: Math.min(20, Math.max(1, Number(values["at-a-time"]))),
    results: values.results ?? defaultResults(values.quick),
    quick: values.quick,
    byRules: values["by-rules"],
    tableOnly: values.table,
    wanted: ({ name, cause }) =>
      (names?.includes(name) ?? !onlyByName.has(name)) && (causes?.includes(cause) ?? true),
  };
}
