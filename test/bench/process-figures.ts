/** Memory and processor time of a process and its children, from /proc. */
import { readFileSync } from "node:fs";

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return ""; // the process has ended
  }
}

/** The processes named and all their descendants that still run. */
function withChildren(pids: readonly number[]): number[] {
  const found = new Set<number>();
  const add = (pid: number): void => {
    if (found.has(pid)) return;
    found.add(pid);
    for (const child of read(`/proc/${pid}/task/${pid}/children`).split(" ")) {
      if (child !== "") add(Number(child));
    }
  };
  for (const pid of pids) add(pid);
  return [...found];
}

/** Resident memory in MB (1,000,000 bytes), children included. */
export function residentMegabytes(pids: readonly number[]): number {
  let kibibytes = 0;
  for (const pid of withChildren(pids)) {
    kibibytes += Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  }
  return (kibibytes * 1024) / 1e6;
}

/** Processor time used so far in seconds, children included. The kernel counts in hundredths. */
export function processorSeconds(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of withChildren(pids)) {
    const stat = read(`/proc/${pid}/stat`);
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    ticks += Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
  }
  return ticks / 100;
}

export interface MemorySample {
  /** ms since 1970. */
  readonly at: number;
  readonly megabytes: number;
}

/** Samples memory every 100 ms until stopped. */
export function watchMemory(pids: readonly number[]): { stop(): readonly MemorySample[] } {
  const samples: MemorySample[] = [];
  const take = (): void => {
    samples.push({ at: Date.now(), megabytes: residentMegabytes(pids) });
  };
  take();
  const timer = setInterval(take, 100);
  return {
    stop: () => {
      clearInterval(timer);
      take();
      return samples;
    },
  };
}
