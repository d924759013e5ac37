import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, it } from "vitest";
import { createLog } from "../../../src/base/log.ts";
import { openBrowserProcesses } from "../../../src/vitals/browser-processes.ts";
import { familyOf } from "../../../src/vitals/process-family.ts";
import { VitalsSampler } from "../../../src/vitals/sampler.ts";

const isLinux = process.platform === "linux";
const log = createLog({ level: "error", format: "text" });
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** A parent with a child of the same program, as browsers are; prints the child's pid, and ends by itself after a while. */
async function startFamily(childWork: string): Promise<{ parent: number; child: number }> {
  const script = `
    const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, ["-e", ${JSON.stringify(childWork)}], { stdio: ["pipe", "ignore", "ignore"] });
    console.log(child.pid);
    process.on("exit", () => child.kill("SIGKILL"));
    process.stdin.on("close", () => process.exit(0)).resume();
    setTimeout(() => process.exit(0), 30000);`;
  // Outside this program's own family, which is Node too.
  const parent = spawn("sh", ["-c", '"$0" -e "$1"; exit 0', process.execPath, script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  started.push(parent);
  const [line] = await once(parent.stdout, "data");
  const child = Number(String(line));
  return { parent: parent.pid ?? 0, child };
}

const idle =
  "setTimeout(() => {}, 20000); process.stdin.on('close', () => process.exit(0)).resume()";
/** Busy for at most eight seconds. */
const hog = "const until = Date.now() + 8000; while (Date.now() < until);";

it("finds the whole program from one of its processes", async () => {
  if (!isLinux) return;
  const { child } = await startFamily(idle);
  const family = await familyOf([child]);
  expect(family).toContain(child);
  expect(family).toHaveLength(2);
  expect(await familyOf([2 ** 30])).toEqual([]);
});

it("sees one of a program's processes stopped, going on, and ending", async () => {
  const { child } = await startFamily(idle);
  const processes = openBrowserProcesses(process.platform, log);
  processes.setPids([child]);
  if (!isLinux) return expect(processes.sample(1000)).toBeNull();
  await expect.poll(() => processes.sample(1000)?.pids).toBe(2);
  expect(processes.sample(1000)?.memory).toBeGreaterThan(1e7);
  process.kill(child, "SIGSTOP");
  await expect.poll(() => processes.sample(1000)?.stopped).toBe(1);
  process.kill(child, "SIGCONT");
  await expect.poll(() => processes.sample(1000)?.stopped).toBe(0);
  process.kill(child, "SIGKILL");
  await expect.poll(() => processes.sample(1000)?.pids).toBe(1);
  processes.close();
});

it("sees a busy process take a core", async () => {
  if (!isLinux) return;
  const { child } = await startFamily(hog);
  const processes = openBrowserProcesses(process.platform, log);
  processes.setPids([child]);
  await expect.poll(() => processes.sample(1000)?.pids).toBe(2);
  let last = performance.now();
  let busiest = 0;
  await expect
    .poll(
      () => {
        const now = performance.now();
        busiest = Math.max(busiest, processes.sample(now - last)?.cpu ?? 0);
        last = now;
        return busiest;
      },
      { interval: 300, timeout: 6000 },
    )
    .toBeGreaterThan(0.2);
  processes.close();
});

it("costs less than a millisecond a sample, a browser's processes included", async () => {
  const processes = openBrowserProcesses(process.platform, log);
  processes.setPids([process.pid, process.ppid]);
  if (isLinux) await expect.poll(() => processes.sample(1000)?.pids ?? 0).toBeGreaterThan(0);
  const clock = { mono: () => performance.now(), wall: () => Date.now() };
  const sampler = new VitalsSampler({ clock, browser: processes, platform: process.platform });
  const times = Array.from({ length: 200 }, () => {
    const start = performance.now();
    sampler.sample();
    return performance.now() - start;
  });
  sampler.close();
  // The middle one: a test may be put aside by others at any moment.
  expect(times.toSorted((a, b) => a - b)[100]).toBeLessThan(1);
});
