/** The programs of the system that the benchmark borrows: openssl, cc, taskset, nginx, squid's helpers. None is installed by npm. */
import { spawnSync } from "node:child_process";

/** Runs it to its end and returns what it printed on both streams. Throws when it is missing or fails. */
export function runSystem(program: string, args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr.trim()}`);
  return stdout + stderr;
}

/** First line of what it prints about its version, or null when it is not there. */
export function versionLine(program: string, flag: string): string | null {
  try {
    return runSystem(program, [flag]).split("\n")[0]?.trim() ?? null;
  } catch {
    return null;
  }
}
