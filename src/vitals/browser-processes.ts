/** CPU, memory and state of the client programs' processes, each second. Linux alone tells it cheaply; elsewhere it stays not known. */
import { performance } from "node:perf_hooks";
import { reasonOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { BrowserVitals } from "../domain/vitals.ts";
import { ProcFile } from "./proc-file.ts";
import { readProcessStat } from "./proc-stat.ts";
import { familyOf } from "./process-family.ts";

export interface BrowserProcesses {
  /** The processes at the other end of connections; their families are looked up now and then. */
  setPids(pids: readonly number[]): void;
  /** What they did since the last call, `elapsedMs` ago; null = none known. */
  sample(elapsedMs: number): BrowserVitals | null;
  close(): void;
}

const familyEveryMs = 15_000;

export function openBrowserProcesses(
  platform: NodeJS.Platform,
  log: Log,
  now = () => performance.now(),
): BrowserProcesses {
  if (platform !== "linux") return { setPids() {}, sample: () => null, close() {} };
  return new LinuxProcesses(log, now);
}

interface Followed {
  readonly file: ProcFile;
  cpuMs: number | null;
}

class LinuxProcesses implements BrowserProcesses {
  readonly #log: Log;
  readonly #now: () => number;
  readonly #followed = new Map<number, Followed>();
  readonly #pageSize: number;
  #pids: readonly number[] = [];
  #lookedAt = Number.NEGATIVE_INFINITY;
  #isLooking = false;
  #isClosed = false;

  constructor(log: Log, now: () => number) {
    this.#log = log;
    this.#now = now;
    this.#pageSize = pageSize();
  }

  setPids(pids: readonly number[]): void {
    const same = pids.length === this.#pids.length && pids.every((pid) => this.#pids.includes(pid));
    if (same) return;
    this.#pids = [...pids];
    this.#lookedAt = Number.NEGATIVE_INFINITY;
    this.#look();
  }

  sample(elapsedMs: number): BrowserVitals | null {
    this.#look();
    let [pids, cpuMs, pages, stopped] = [0, 0, 0, 0];
    for (const [pid, followed] of this.#followed) {
      const text = followed.file.read();
      const stat = text === null ? null : readProcessStat(text);
      if (stat === null || stat.isGone) {
        this.#drop(pid, followed);
        continue;
      }
      pids++;
      cpuMs += followed.cpuMs === null ? 0 : stat.cpuMs - followed.cpuMs;
      followed.cpuMs = stat.cpuMs;
      pages += stat.pages;
      if (stat.isStopped) stopped++;
    }
    if (pids === 0) return null;
    const cpu = elapsedMs > 0 ? Math.max(0, cpuMs / elapsedMs) : 0;
    return { pids, cpu: Math.round(cpu * 1000) / 1000, memory: pages * this.#pageSize, stopped };
  }

  close(): void {
    this.#isClosed = true;
    for (const [pid, followed] of this.#followed) this.#drop(pid, followed);
  }

  #drop(pid: number, { file }: Followed): void {
    file.close();
    this.#followed.delete(pid);
  }

  #look(): void {
    const isDue = this.#now() - this.#lookedAt >= familyEveryMs;
    if (this.#pids.length === 0 || this.#isLooking || !isDue) return;
    this.#isLooking = true;
    this.#lookedAt = this.#now();
    familyOf(this.#pids)
      .then(
        (family) => this.#follow(family),
        (error: unknown) => this.#log.warn("vitals.processes", { why: reasonOf(error) }),
      )
      .finally(() => {
        this.#isLooking = false;
      });
  }

  #follow(family: readonly number[]): void {
    if (this.#isClosed) return;
    const wanted = new Set(family);
    for (const [pid, followed] of this.#followed) if (!wanted.has(pid)) this.#drop(pid, followed);
    for (const pid of family) {
      if (this.#followed.has(pid)) continue;
      const file = ProcFile.open(`/proc/${pid}/stat`);
      if (file !== null) this.#followed.set(pid, { file, cpuMs: null });
    }
  }
}

/** Node does not tell it; what it says of its own memory in bytes and /proc in pages does. A power of two. */
function pageSize(): number {
  const file = ProcFile.open("/proc/self/stat");
  const pages = file === null ? null : readProcessStat(file.read() ?? "")?.pages;
  file?.close();
  if (pages === null || pages === undefined || pages === 0) return 4096;
  return 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pages));
}
