/** What Linux writes in /proc/stat and /proc/PID/stat (proc(5)). */

export interface CpuTimes {
  readonly busy: number;
  readonly total: number;
}

/** The first line of /proc/stat, of all cores; null when it is not that. Waiting for the disk counts as idle. */
export function readCpuTimes(text: string): CpuTimes | null {
  const line = /^cpu +([\d ]+)/.exec(text)?.[1];
  if (line === undefined) return null;
  // Guests' time is already in user and nice.
  const times = line.trim().split(" ").slice(0, 8).map(Number);
  const total = times.reduce((sum, time) => sum + time, 0);
  return { busy: total - (times[3] ?? 0) - (times[4] ?? 0), total };
}

export interface ProcessStat {
  readonly parent: number;
  readonly isStopped: boolean;
  readonly isGone: boolean;
  /** CPU time since its start, ms. */
  readonly cpuMs: number;
  readonly pages: number;
}

/** USER_HZ is 100 in every Linux's interface to programs. */
const tickMs = 10;

/** The program's name stands in brackets and may hold blanks and brackets itself, so the last one counts. */
export function readProcessStat(text: string): ProcessStat | null {
  const end = text.lastIndexOf(") ");
  if (end < 0) return null;
  const fields = text.slice(end + 2).split(" ");
  const [state = "", parent = ""] = fields;
  const ticks = Number(fields[11]) + Number(fields[12]);
  if (!Number.isFinite(ticks)) return null;
  return {
    parent: Number(parent),
    isStopped: state === "T" || state === "t",
    isGone: state === "Z" || state === "X",
    cpuMs: ticks * tickMs,
    pages: Number(fields[21]),
  };
}
