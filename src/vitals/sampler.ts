/** Takes one sample of how this PC, this process and the client programs are. Meant to cost less than a millisecond. */
import { cpus, freemem, networkInterfaces, totalmem } from "node:os";
import type { Clock } from "../base/clock.ts";
import type { VitalsSample } from "../domain/vitals.ts";
import type { BrowserProcesses } from "./browser-processes.ts";
import { startLagMeter } from "./lag-meter.ts";
import { addressesOf, networkChange } from "./network-changes.ts";
import { ProcFile } from "./proc-file.ts";
import { type CpuTimes, readCpuTimes } from "./proc-stat.ts";

export interface SamplerOptions {
  readonly clock: Clock;
  readonly browser: BrowserProcesses;
  readonly platform: NodeJS.Platform;
  /** What the system says of its network interfaces. */
  readonly interfaces?: typeof networkInterfaces;
}

/** How often a sample is due, ms. */
export const sampleEveryMs = 1000;

export class VitalsSampler {
  readonly #options: SamplerOptions;
  readonly #interfaces: typeof networkInterfaces;
  readonly #lag = startLagMeter();
  readonly #statFile: ProcFile | null;
  /** Of the main thread, where samples are taken. */
  readonly #queueFile: ProcFile | null;
  readonly #totalMemory = totalmem();
  #wall: number;
  #mono: number;
  #cpu: CpuTimes | null;
  #own: NodeJS.CpuUsage;
  #addresses: ReadonlySet<string>;
  #queued: number | null;

  constructor(options: SamplerOptions) {
    this.#options = options;
    this.#interfaces = options.interfaces ?? networkInterfaces;
    this.#statFile = options.platform === "linux" ? ProcFile.open("/proc/stat") : null;
    this.#queueFile = options.platform === "linux" ? ProcFile.open("/proc/self/schedstat") : null;
    this.#queued = this.#queuedSoFar();
    this.#wall = options.clock.wall();
    this.#mono = options.clock.mono();
    this.#cpu = this.#cpuTimes();
    this.#own = process.cpuUsage();
    this.#addresses = addressesOf(this.#interfaces());
  }

  sample(): VitalsSample {
    const { clock, browser } = this.#options;
    const [mono, wall] = [clock.mono(), clock.wall()];
    const elapsedMs = mono - this.#mono;
    const wallJumpMs = wall - this.#wall - elapsedMs;
    this.#mono = mono;
    this.#wall = wall;
    return {
      at: wall,
      mono,
      loopLagMs: rounded(this.#lag.take()),
      wallJumpMs: rounded(wallJumpMs),
      lateMs: Math.max(0, rounded(elapsedMs - sampleEveryMs)),
      ...this.#takeQueued(),
      systemCpu: this.#takeSystemCpu(),
      ownCpu: this.#takeOwnCpu(elapsedMs),
      freeMemory: freemem(),
      totalMemory: this.#totalMemory,
      ownMemory: process.memoryUsage.rss(),
      browser: browser.sample(elapsedMs),
      network: this.#takeNetwork(),
    };
  }

  close(): void {
    this.#lag.stop();
    this.#statFile?.close();
    this.#queueFile?.close();
    this.#options.browser.close();
  }

  #takeQueued(): { readonly queuedMs?: number } {
    const [before, now] = [this.#queued, this.#queuedSoFar()];
    this.#queued = now;
    return before === null || now === null ? {} : { queuedMs: rounded(now - before) };
  }

  /** ms; the kernel's schedstat (Documentation/scheduler/sched-stats): time run, time waiting on a run queue, both ns. */
  #queuedSoFar(): number | null {
    const nanoseconds = Number(this.#queueFile?.read()?.split(" ")[1]);
    return Number.isFinite(nanoseconds) ? nanoseconds / 1e6 : null;
  }

  #takeSystemCpu(): number | null {
    const [before, now] = [this.#cpu, this.#cpuTimes()];
    this.#cpu = now;
    if (before === null || now === null || now.total <= before.total) return null;
    return share((now.busy - before.busy) / (now.total - before.total));
  }

  #cpuTimes(): CpuTimes | null {
    if (this.#statFile !== null) return readCpuTimes(this.#statFile.read() ?? "");
    if (this.#options.platform === "linux") return null;
    let [busy, total] = [0, 0];
    for (const { times } of cpus()) {
      busy += times.user + times.nice + times.sys + times.irq;
      total += times.user + times.nice + times.sys + times.irq + times.idle;
    }
    return { busy, total };
  }

  #takeOwnCpu(elapsedMs: number): number | null {
    const now = process.cpuUsage();
    const usedMs = (now.user + now.system - this.#own.user - this.#own.system) / 1000;
    this.#own = now;
    return elapsedMs > 0 ? share(usedMs / elapsedMs) : null;
  }

  #takeNetwork(): string | null {
    const now = addressesOf(this.#interfaces());
    const change = networkChange(this.#addresses, now);
    this.#addresses = now;
    return change;
  }
}

const rounded = (ms: number): number => Math.round(ms * 10) / 10;
const share = (part: number): number => Math.max(0, Math.round(part * 1000) / 1000);
