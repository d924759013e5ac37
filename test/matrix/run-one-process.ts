/** One run of the matrix in a process of its own: `run-one-process.ts SCENARIO SEED FOLDER`. Its result is FOLDER/RUN.json. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { play, runName } from "./play.ts";
import { findScenario } from "./scenarios/all.ts";

const [name = "", seedText = "0", folder = "."] = process.argv.slice(2);
const scenario = findScenario(name);
const seed = Number(seedText);
mkdirSync(folder, { recursive: true });
const path = (kind: string): string => join(folder, `${runName(name, seed)}.${kind}.json`);
const result = await play({
  scenario,
  seed,
  writeTruth: (truth) => writeFileSync(path("truth"), JSON.stringify(truth, null, 1)),
});
writeFileSync(path("result"), JSON.stringify(result));
process.exit(0);
