/** Stopping, starving and finding processes of the run. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { ChromiumDesktop } from "./chromium-desktop.ts";
import type { RealStage } from "./real-stage.ts";

interface ProcessInfo {
  readonly type: string;
  readonly id: number;
}

/** Chromium's processes, as it lists them itself. */
async function chromiumProcesses(stage: RealStage): Promise<readonly ProcessInfo[]> {
  const session = await stage.browser.browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo;
}

/** All of them, its zygotes too, which it does not list: what a PC that sleeps, or has no processor left, stops. */
export async function browserPids(stage: RealStage): Promise<number[]> {
  // A process in a namespace of its own may call itself 1.
  const listed = (await chromiumProcesses(stage)).map(({ id }) => id).filter((pid) => pid > 1);
  const known = new Set(listed);
  const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  // Children have higher numbers than their parents, but for a wrap.
  for (const pid of all.toSorted((a, b) => a - b)) if (known.has(parentOf(pid))) known.add(pid);
  return [...known];
}

function parentOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[1]);
  } catch {
    return 0;
  }
}

/** The renderer that works hardest while the tab is busy is the tab's. */
export async function rendererOf(stage: RealStage, desktop: ChromiumDesktop): Promise<number> {
  const renderers = (await chromiumProcesses(stage)).filter(({ type }) => type === "renderer");
  const before = new Map(renderers.map(({ id }) => [id, ticksOf(id)]));
  await desktop.page.evaluate(() => {
    const until = Date.now() + 500;
    while (Date.now() < until) Math.sqrt(until);
  });
  const worked = renderers
    .map(({ id }) => ({ id, ticks: ticksOf(id) - (before.get(id) ?? 0) }))
    .toSorted((a, b) => b.ticks - a.ticks);
  return worked[0]?.id ?? 0;
}

/** User and system time of a process so far, in clock ticks. */
function ticksOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}

export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) process.kill(pid, signal);
}

/** Everything of these processes on one core, at the lowest priority; gives the way to let them be. */
export function starve(pids: readonly number[], hogs: number): () => void {
  for (const pid of pids) {
    execFileSync("taskset", ["-acp", "1", `${pid}`], { stdio: "ignore" });
    execFileSync("renice", ["-n", "19", "-p", `${pid}`], { stdio: "ignore" });
  }
  const started: ChildProcess[] = Array.from({ length: hogs }, () =>
    spawn("taskset", ["-c", "1", "nice", "-n", "-20", "sh", "-c", "while :; do :; done"], {
      stdio: "ignore",
    }),
  );
  return () => {
    for (const hog of started) hog.kill("SIGKILL");
    for (const pid of pids) {
      execFileSync("renice", ["-n", "0", "-p", `${pid}`], { stdio: "ignore" });
      execFileSync("taskset", ["-acp", "0,1", `${pid}`], { stdio: "ignore" });
    }
  };
}
