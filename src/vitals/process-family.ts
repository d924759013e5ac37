/**
 * The processes of one program on Linux. The one that owns a socket is rarely the one that works: Chromium has a process for the network, one for
 * each tab, and a first one above them all. They share the executable, so the family is all below the topmost with the same one.
 */
import { readdir, readFile, readlink } from "node:fs/promises";
import { codeOf } from "../base/errors.ts";
import { readProcessStat } from "./proc-stat.ts";

/** Beyond this many, sampling each second would cost too much; the oldest are kept, which hold the tabs in use longest. */
export const maxFamily = 64;

/** Process ids of the families of these, sorted. Reads every process's parent once: for now and then, not for each second. */
export async function familyOf(pids: readonly number[], proc = "/proc"): Promise<number[]> {
  const parents = await readParents(proc);
  const roots = new Set<number>();
  for (const pid of pids) if (parents.has(pid)) roots.add(await rootOf(pid, parents, proc));
  const children = Map.groupBy(parents.keys(), (pid) => parents.get(pid) ?? 0);
  const family = new Set<number>();
  const open = [...roots];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    if (family.has(pid)) continue;
    family.add(pid);
    open.push(...(children.get(pid) ?? []));
  }
  return [...family].toSorted((a, b) => a - b).slice(0, maxFamily);
}

async function readParents(proc: string): Promise<Map<number, number>> {
  const names = (await readdir(proc)).filter((name) => /^\d+$/.test(name));
  const parents = new Map<number, number>();
  for (const name of names) {
    const stat = readProcessStat(await orEmpty(readFile(`${proc}/${name}/stat`, "latin1")));
    if (stat !== null && !stat.isGone) parents.set(Number(name), stat.parent);
  }
  return parents;
}

async function rootOf(
  pid: number,
  parents: ReadonlyMap<number, number>,
  proc: string,
): Promise<number> {
  const program = await orEmpty(readlink(`${proc}/${pid}/exe`));
  let root = pid;
  // A cycle can't be, but process ids are used again while we read.
  for (let steps = 0; steps < 32; steps++) {
    const parent = parents.get(root) ?? 0;
    if (parent <= 1 || program === "") return root;
    if ((await orEmpty(readlink(`${proc}/${parent}/exe`))) !== program) return root;
    root = parent;
  }
  return root;
}

/** Processes end while we read, and other users' are closed to us. */
async function orEmpty(reading: Promise<string>): Promise<string> {
  try {
    return await reading;
  } catch (thrown) {
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].includes(codeOf(thrown))) return "";
    throw thrown;
  }
}
