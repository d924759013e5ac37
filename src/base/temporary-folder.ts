/** Folders for what is on its way through: files brought in may hold passwords and keys, so none may outlive the process that made it. */
import { mkdtempSync, readdirSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeOf } from "./errors.ts";

const passing = new Set<string>();

/** Named by its process, so that the next one knows what was left behind. For its owner only (0700). Gone at the latest with the process. */
export function temporaryFolder(purpose: string): string {
  const path = mkdtempSync(join(tmpdir(), `boshscope-${purpose}-${process.pid}.${pidSpace()}-`));
  goneAtExit(path);
  return path;
}

/** A file or folder that nobody must find when the process ends in the middle; one that is not there any more is no matter. */
export function goneAtExit(path: string): void {
  if (passing.size === 0) process.once("exit", removePassing);
  passing.add(path);
}

function removePassing(): void {
  for (const path of passing) rmSync(path, { recursive: true, force: true });
}

/** A container shares this folder, perhaps, but not the numbers of its processes. */
function pidSpace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid").replaceAll(/\D/g, "");
  } catch {
    // No Linux: there is one space only.
    return "0";
  }
}

const ours = /^boshscope-[a-z]+-(\d+)\.(\d+)-/;

/** Removes what processes left that were killed; returns how many folders. */
export function sweepTemporaryFolders(parent = tmpdir()): number {
  const left = readdirSync(parent)
    .filter((name) => isLeft(name))
    .map((name) => join(parent, name))
    .filter((path) => isMine(path));
  for (const path of left) rmSync(path, { recursive: true, force: true });
  return left.length;
}

function isLeft(name: string): boolean {
  const [, pid, space] = ours.exec(name) ?? [];
  if (pid === undefined || space !== pidSpace()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (thrown) {
    // EPERM: it lives, and is somebody else's.
    return codeOf(thrown) === "ESRCH";
  }
}

function isMine(path: string): boolean {
  try {
    const { uid } = statSync(path);
    return uid === (process.getuid?.() ?? uid);
  } catch (thrown) {
    // Another process swept at the same time.
    if (codeOf(thrown) === "ENOENT") return false;
    throw thrown;
  }
}
