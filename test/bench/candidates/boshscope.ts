/** Boshscope as people start it: capture and store on, the page served, no browser attached. */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { adopt, endChild } from "../child.ts";
import type { Candidate, Running } from "./candidate.ts";

const root = dirname(dirname(dirname(import.meta.dirname)));
const START_DEADLINE_MS = 20_000;

/** What Boshscope writes into DATA_DIR/boshscope.json once both ports listen. */
interface Ports {
  readonly pid: number;
  readonly proxyPort: number;
  readonly pagePort: number;
  readonly token: string;
}

interface HealthFigures {
  readonly exchanges: number;
  readonly pending: number;
  readonly captureId: string;
  readonly loopLagMs: { readonly p50: number; readonly p99: number };
}

export interface RunningBoshscope extends Running {
  readonly child: ChildProcess;
  readonly api: { readonly origin: string; readonly token: string };
  health(): Promise<HealthFigures>;
  /** GET of the API, parsed; throws on any status but 200. */
  get<Answer>(path: string): Promise<Answer>;
}

function startChild(folder: string): ChildProcess {
  const flags = ["--proxy-port", "0", "--page-port", "0", "--no-open", "--no-probes"];
  const folders = ["--data-dir", join(folder, "data"), "--certs-dir", join(folder, "certs")];
  const command = [
    join(root, "scripts/boshscope.mjs"),
    "start",
    ...flags,
    ...folders,
    "--server-certs",
    "off",
  ];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "pipe"], cwd: root });
  adopt(child);
  const log = createWriteStream(join(folder, "boshscope.log"), { flags: "a" });
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  return child;
}

async function portsOf(child: ChildProcess, folder: string): Promise<Ports> {
  const file = join(folder, "data", "boshscope.json");
  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline && child.exitCode === null) {
    if (existsSync(file)) {
      const text = readFileSync(file, "utf8");
      // A file of an earlier run in the same folder, or one half written, is not the answer yet.
      if (text.trimEnd().endsWith("}")) {
        const ports = JSON.parse(text) as Ports;
        if (ports.pid === child.pid) return ports;
      }
    }
    await pause(20);
  }
  await endChild(child);
  const log = readFileSync(join(folder, "boshscope.log"), "utf8");
  throw new Error(`Boshscope did not start: ${log.trim().split("\n").slice(-8).join(" / ")}`);
}

/** Starts it on `folder`; a second start on the same folder goes on with the same data. */
export async function startBoshscope(folder: string): Promise<RunningBoshscope> {
  const child = startChild(folder);
  const ports = await portsOf(child, folder);
  const origin = `http://127.0.0.1:${ports.pagePort}`;
  const get = async <Answer>(path: string): Promise<Answer> => {
    const headers = { authorization: `Bearer ${ports.token}` };
    const response = await fetch(origin + path, { headers });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  const health = (): Promise<HealthFigures> => get<HealthFigures>("/api/health");
  return {
    port: ports.proxyPort,
    pids: [child.pid ?? 0],
    child,
    api: { origin, token: ports.token },
    get,
    health,
    loopLag: async () => ({ max: Number.NaN, ...(await health()).loopLagMs }),
    stored: health,
    stop: () => endChild(child),
  };
}

export const boshscope: Candidate = {
  id: "boshscope",
  title: `Boshscope ${(JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string }).version}, capture and store on`,
  missing: existsSync(join(root, "scripts/boshscope.mjs")) ? null : "src/cli.ts does not exist yet",
  start: startBoshscope,
};
