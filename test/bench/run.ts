/** npm run bench: starts servers and load, measures every candidate row by row, and prints one table and the goals. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { boshscope } from "./candidates/boshscope.ts";
import type { Candidate } from "./candidates/candidate.ts";
import { installedVersion } from "./candidates/own-package.ts";
import { listPeers } from "./candidates/peers.ts";
import { endChildrenOnSignals } from "./child.ts";
import { goalsOf } from "./goals.ts";
import { runKills } from "./kill.ts";
import { buildLoadGenerator } from "./load-generator.ts";
import { measureRow, Results, type Session } from "./measure.ts";
import { type BenchOptions, parseOptions, usage } from "./options.ts";
import { runPage } from "./page.ts";
import { holdSizes, loadRows } from "./rows/load-rows.ts";
import { runSystem } from "./system-program.ts";
import { tableOf, voidsOf } from "./table.ts";
import { startUpstream, type Upstream } from "./upstream.ts";

const here = import.meta.dirname;

/** Peers are no dependency of Boshscope: they come from this folder's own lock file, when first needed. */
function installPeers(options: BenchOptions): void {
  const wanted = ["mockttp", "whistle", "anyproxy"].filter(
    (name) => options.candidates === null || options.candidates.includes(name),
  );
  const { dependencies } = JSON.parse(readFileSync(join(here, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  const absent = wanted.some((name) => installedVersion(name) !== dependencies[name]);
  if (!absent || !options.rows.some((row) => row !== "page" && row !== "kill")) return;
  console.error("Installing the peers (npm ci in test/bench) …");
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: here, stdio: "inherit" });
}

function chooseCandidates(options: BenchOptions): readonly Candidate[] {
  const [direct, ...others] = listPeers();
  const all = [...(direct ? [direct] : []), boshscope, ...others];
  const unknown = options.candidates?.find((id) => !all.some((candidate) => candidate.id === id));
  if (unknown !== undefined) throw new Error(`There is no candidate "${unknown}".\n${usage}`);
  // Added latency is told against no proxy: without that measurement it would read as none.
  const always = options.rows.includes("latency") ? ["direct"] : [];
  const wanted = options.candidates === null ? null : [...always, ...options.candidates];
  return all.filter(({ id }) => wanted === null || wanted.includes(id));
}

function pin(upstream: Upstream): void {
  for (const pid of upstream.pids) {
    runSystem("taskset", ["-a", "-c", "-p", "0", String(pid)]);
  }
}

function header(options: BenchOptions, upstream: Upstream): string {
  const cpu = cpus();
  const pinned = options.pin
    ? "load and servers pinned to core 0, candidates free on all cores (Boshscope's recorder is a second thread)"
    : "nothing pinned: load, servers and candidate share all cores (Boshscope's recorder is a second thread)";
  return [
    `# Benchmark of ${new Date().toISOString()}`,
    "",
    `- Machine: ${cpu.length} × ${cpu[0]?.model.trim() ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, Node ${process.versions.node}`,
    `- Server: ${upstream.description}; answers of 57 bytes; polls held by a Node process`,
    `- Load: load.c (OpenSSL), certificates not verified; ${pinned}`,
    `- Rounds: ${options.rounds}, candidates in turn within each; median (min–max); × = ratio to the bare relay / to http-mitm-proxy keepAlive, median of the rounds`,
    ...(options.quick ? ["- QUICK RUN: proves that it works; its figures say little"] : []),
  ].join("\n");
}

async function measureLoad(session: Session, candidates: readonly Candidate[]): Promise<string> {
  const rows = loadRows.filter((row) => session.options.rows.includes(row.id));
  const present = candidates.filter(({ missing }) => missing === null);
  const skipped = candidates
    .filter(({ missing }) => missing !== null)
    .map(({ id, missing }) => `- ${id} skipped: ${missing}`);
  for (const row of rows) {
    const able = row.id === "hold" ? present.filter(({ id }) => id !== "direct") : present;
    await measureRow(session, row, able);
  }
  if (rows.length === 0) return "";
  const parts = [tableOf(session.results, rows, present), ...skipped];
  const voids = voidsOf(session.results, rows, present);
  return [...parts, ...(voids === "" ? [] : ["", "Void:", voids])].join("\n");
}

function save(text: string): string {
  const folder = join(here, "results");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${new Date().toISOString().replaceAll(/[:.]/g, "-")}.md`);
  writeFileSync(file, text);
  return file;
}

/** One part that fails must not cost the figures of the others. */
async function orReason<Found>(measure: () => Promise<Found>): Promise<Found | string> {
  try {
    return await measure();
  } catch (error) {
    return `NOT MEASURED: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function measureAll(options: BenchOptions, folder: string): Promise<string> {
  const upstream = await startUpstream(folder, holdSizes(options).holdMs);
  try {
    if (options.pin) pin(upstream);
    const generator = buildLoadGenerator(folder, options.pin ? 0 : null);
    const log = (line: string): void => console.error(line);
    const session = { folder, generator, options, results: new Results(), log };
    const parts = [header(options, upstream), ""];
    parts.push(await measureLoad(session, chooseCandidates(options)));
    const page = options.rows.includes("page") ? await orReason(() => runPage(session)) : null;
    if (page !== null) parts.push("", "## Page", "", typeof page === "string" ? page : page.table);
    if (options.rows.includes("kill")) {
      parts.push("", "## kill -9", "", await orReason(() => runKills(session)));
    }
    const rows = loadRows.filter((row) => options.rows.includes(row.id));
    const polls = holdSizes(options).count;
    parts.push(
      "",
      "## Goals",
      "",
      goalsOf(session.results, rows, { polls, page: typeof page === "string" ? null : page }),
      "",
    );
    return parts.join("\n");
  } finally {
    await upstream.stop();
  }
}

const options = parseOptions(process.argv.slice(2));
endChildrenOnSignals();
installPeers(options);
const folder = mkdtempSync(join(tmpdir(), "boshscope-bench-"));
chmodSync(folder, 0o755); // squid, started as root, works as its own user
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
const text = await measureAll(options, folder);
console.log(text);
console.error(`Saved in ${save(text)}`);
