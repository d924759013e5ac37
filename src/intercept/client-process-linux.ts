/** Finds the owners of sockets through /proc: the connection tables name inodes, the processes' open files name them again. */
import { readdir, readFile, readlink } from "node:fs/promises";
import { basename } from "node:path";
import { codeOf } from "../base/errors.ts";
import { type ClientProcess, inodesInProcNet, type Scan } from "./client-process-formats.ts";

/** A scan that looks first at the programs it found before: it is nearly always the same browser. */
export function createProcScan(proc = "/proc"): Scan {
  let recent: readonly string[] = [];
  return async (queries) => {
    const tables = await Promise.all(
      ["tcp", "tcp6"].map((name) => readOr(`${proc}/net/${name}`, "")),
    );
    const keys = new Map<string, string>();
    for (const table of tables) {
      for (const [key, inode] of inodesInProcNet(table, queries))
        keys.set(`socket:[${inode}]`, key);
    }
    const found = new Map<string, ClientProcess>();
    if (keys.size > 0) await searchProcesses(proc, recent, keys, found);
    if (keys.size > 0) {
      const pids = (await readdir(proc)).filter((name) => /^\d+$/.test(name));
      // The newest first: clients start after the system's own services.
      const others = pids.filter((pid) => !recent.includes(pid)).toReversed();
      await searchProcesses(proc, others, keys, found);
    }
    const owners = [...found.values()].map(({ pid }) => String(pid));
    recent = [...new Set([...owners, ...recent])].slice(0, 8);
    return found;
  };
}

/** Moves what it finds from `keys` (by link text) to `found` (by query). */
async function searchProcesses(
  proc: string,
  pids: readonly string[],
  keys: Map<string, string>,
  found: Map<string, ClientProcess>,
): Promise<void> {
  for (const pid of pids) {
    if (keys.size === 0) return;
    let owner: ClientProcess | null = null;
    for (const link of await socketsOf(`${proc}/${pid}/fd`)) {
      const key = keys.get(link);
      if (key === undefined) continue;
      owner ??= { pid: Number(pid), name: await programName(`${proc}/${pid}`) };
      keys.delete(link);
      found.set(key, owner);
    }
  }
}

/** Processes end at any moment, and other users' files are closed to us: both are no sockets. */
async function socketsOf(folder: string): Promise<string[]> {
  const files = await ifThere(readdir(folder), []);
  const links = await Promise.all(files.map((file) => ifThere(readlink(`${folder}/${file}`), "")));
  return links.filter((link) => link.startsWith("socket:"));
}

/** The executable's name; `comm` is cut at 15 characters and is a thread's name in some programs (Node: MainThread). */
async function programName(folder: string): Promise<string> {
  const path = await ifThere(readlink(`${folder}/exe`), "");
  const name = basename(path.replace(/ \(deleted\)$/, ""));
  return name || (await readOr(`${folder}/comm`, "unknown")).trim();
}

const readOr = (path: string, otherwise: string): Promise<string> =>
  ifThere(readFile(path, "utf8"), otherwise);

async function ifThere<Value>(reading: Promise<Value>, otherwise: Value): Promise<Value> {
  try {
    return await reading;
  } catch (thrown) {
    if (["ENOENT", "EACCES", "EPERM", "ESRCH"].includes(codeOf(thrown))) return otherwise;
    throw thrown;
  }
}
