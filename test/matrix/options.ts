/** The command line of the matrix. */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Scenario } from "./contract.ts";

export interface MatrixOptions {
  readonly seeds: readonly number[];
  readonly atATime: number;
  readonly results: string;
  readonly byRules: boolean;
  readonly tableOnly: boolean;
  readonly wanted: (scenario: Scenario) => boolean;
}

const defaultResults = fileURLToPath(new URL("results", import.meta.url));

/** Too long for every seed. */
const onlyByName: ReadonlySet<string> = new Set(["healthy-hour"]);

export function readOptions(argv: readonly string[]): MatrixOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      scenarios: { type: "string" },
      causes: { type: "string" },
      seeds: { type: "string", default: "0-4" },
      "at-a-time": { type: "string", default: "3" },
      results: { type: "string" },
      "by-rules": { type: "boolean", default: false },
      table: { type: "boolean", default: false },
    },
  });
  const [first = 0, last = first] = values.seeds.split("-").map(Number);
  const names = values.scenarios?.split(",");
  const causes = values.causes?.split(",");
  return {
    seeds: Array.from({ length: last - first + 1 }, (_, index) => first + index),
    atATime: Math.min(20, Math.max(1, Number(values["at-a-time"]))),
    results: values.results ?? defaultResults,
    byRules: values["by-rules"],
    tableOnly: values.table,
    wanted: ({ name, cause }) =>
      (names?.includes(name) ?? !onlyByName.has(name)) && (causes?.includes(cause) ?? true),
  };
}
