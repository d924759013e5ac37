/**
 * The fault matrix: `npm run matrix -- [--scenarios A,B] [--causes F1,F2] [--seeds 0-4] [--at-a-time 3] [--results FOLDER] [--by-rules] [--table]`.
 * Each run is a process of its own; as root also in a network and process namespace of its own, so that its firewall is its own and nothing
 * of it is left behind. What is in the results already is not run again.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunResult, Scenario } from "./contract.ts";
import { readOptions } from "./options.ts";
import { inOneLine, runName } from "./play.ts";
import { scenarios as faults } from "./scenarios/all.ts";
import { ruleScenarios } from "./scenarios/by-rules.ts";
import { scoreOf } from "./score.ts";
import { tableOf } from "./table.ts";
import { pause } from "./world/pause.ts";

const defaultLimitSeconds = 240;
/** Starting servers and browsers takes the processor more than all the rest of a run. */
const staggerMs = 9000;
const isRoot = process.getuid?.() === 0;
const options = readOptions(process.argv.slice(2));
const scenarios = options.byRules ? ruleScenarios : faults;
mkdirSync(options.results, { recursive: true });
const ledger = join(options.results, options.byRules ? "by-rules.jsonl" : "runs.jsonl");

/** As the program itself keeps it: each process of a run starts a second of processor time sooner. */
const compileCache = fileURLToPath(new URL("../../node_modules/.cache/boshscope", import.meta.url));

const running = new Set<ChildProcess>();
/** With its first process a namespace ends; without one, each run closes what it opened. */
function stop(): void {
  for (const child of running) child.kill(isRoot ? "SIGKILL" : "SIGTERM");
  process.exit(1);
}
process.on("SIGINT", stop).on("SIGTERM", stop);

interface Order {
  readonly scenario: Scenario;
  readonly seed: number;
}

function readResults(): RunResult[] {
  if (!existsSync(ledger)) return [];
  const latest = new Map<string, RunResult>();
  for (const line of readFileSync(ledger, "utf8").split("\n")) {
    if (line === "") continue;
    const result = JSON.parse(line) as RunResult;
    latest.set(result.truth.run, result);
  }
  return [...latest.values()];
}

function ordersLeft(): Order[] {
  const done = new Set(
    readResults()
      .filter(({ broken }) => broken === null)
      .map(({ truth }) => truth.run),
  );
  return options.seeds.flatMap((seed) =>
    scenarios
      .filter(options.wanted)
      .filter((scenario) => isRoot || scenario.needsRoot !== true)
      .map((scenario) => ({ scenario, seed }))
      .filter(({ scenario }) => !done.has(runName(scenario.name, seed))),
  );
}

async function runOne({ scenario, seed }: Order): Promise<void> {
  const folder = join(options.results, "runs");
  const program = [
    process.execPath,
    "--disable-warning=ExperimentalWarning",
    fileURLToPath(new URL("run-one-process.ts", import.meta.url)),
    scenario.name,
    `${seed}`,
    folder,
  ];
  const isolated = ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const inside = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh"];
  const [command = "", ...args] = isRoot ? [...isolated, ...inside, ...program] : program;
  const child = spawn(command, args, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  });
  running.add(child);
  let complaint = "";
  child.stderr.on("data", (text) => (complaint = `${complaint}${text}`.slice(-2000)));
  const limit = setTimeout(
    () => child.kill("SIGKILL"),
    (scenario.limitSeconds ?? defaultLimitSeconds) * 1000,
  );
  await once(child, "exit");
  clearTimeout(limit);
  running.delete(child);
  tell(scenario, seed, folder, complaint);
}

function tell(scenario: Scenario, seed: number, folder: string, complaint: string): void {
  const run = runName(scenario.name, seed);
  const path = join(folder, `${run}.result.json`);
  if (!existsSync(path)) {
    process.stdout.write(`${run}: no result within its time. ${complaint}\n`);
    return;
  }
  const result = JSON.parse(readFileSync(path, "utf8")) as RunResult;
  appendFileSync(ledger, `${JSON.stringify(result)}\n`);
  const score = scoreOf(result);
  const said = result.findings.map((finding) => `\n    ${inOneLine(finding)}`).join("");
  const outcome =
    result.broken === null
      ? `${score.causeRight ? "right" : "WRONG"} ${score.verdict} side ${score.sideRight ? "right" : "WRONG"} ${score.seconds?.toFixed(1) ?? "-"} s`
      : `stage failed: ${result.broken.slice(0, 400)}`;
  process.stdout.write(
    `${new Date().toISOString().slice(11, 19)} ${run} (${result.truth.world}, ${result.seconds.toFixed(0)} s): ${outcome}${said}\n`,
  );
}

/** The ones that need the machine for themselves come last. */
async function runAll(orders: readonly Order[]): Promise<void> {
  const together = orders.filter(({ scenario }) => scenario.alone !== true);
  const waiting = [...together];
  const worker = async (_: unknown, index: number): Promise<void> => {
    await pause(index * staggerMs);
    for (let order = waiting.shift(); order !== undefined; order = waiting.shift()) {
      await runOne(order);
    }
  };
  await Promise.all(Array.from({ length: options.atATime }, worker));
  for (const order of orders.filter(({ scenario }) => scenario.alone === true)) await runOne(order);
}

if (!options.tableOnly) await runAll(ordersLeft());
const results = readResults();
process.stdout.write(`\n${tableOf(results)}\n`);
