/** The data folder: one running Boshscope per folder, its address file, and the ids of captures. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf, fail, fileReasonOf } from "./base/errors.ts";

/** Written to boshscope.json once both ports listen, for scripts and for `boshscope browser`. */
export interface Running {
  readonly pid: number;
  readonly host: string;
  readonly proxyPort: number;
  readonly pagePort: number;
  /** With the token. */
  readonly url: string;
}

export interface DataFolder {
  newCapture(): { captureId: string; captureName: string };
  /** The token given, or a new random one. */
  token(given: string | undefined): string;
  announce(running: Running): void;
  release(): void;
}

const addressFile = "boshscope.json";

/** Claims the folder. Throws "data-dir-in-use" while another Boshscope runs on it, "data-dir-unusable" if it can't be written. */
export function openDataFolder(path: string): DataFolder {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const why = codeOf(error) === "EEXIST" ? "a file is in its place" : fileReasonOf(error);
    throw fail("data-dir-unusable", { path, why }, error);
  }
  claim(path);
  let token = "";
  return {
    newCapture: () => ({
      captureId: `c${randomBytes(4).toString("hex")}`,
      captureName: `Capture ${new Date().toISOString().slice(0, 16).replace("T", " ")}`,
    }),
    token(given) {
      token = given ?? randomBytes(18).toString("base64url");
      return token;
    },
    announce: (running) =>
      write(join(path, addressFile), JSON.stringify({ ...running, token }, null, 2)),
    release() {
      rmSync(join(path, addressFile), { force: true });
      rmSync(join(path, lockFile), { force: true });
    },
  };
}

const lockFile = "boshscope.lock";

/** A lock left by a process that is gone is taken over. */
function claim(path: string): void {
  const lock = join(path, lockFile);
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx", mode: 0o600 });
      return;
    } catch (error) {
      if (codeOf(error) !== "EEXIST")
        throw fail("data-dir-unusable", { path, why: fileReasonOf(error) }, error);
    }
    const owner = Number(readFileSync(lock, "utf8"));
    if (isAlive(owner)) throw fail("data-dir-in-use", { path, pid: owner });
    rmSync(lock, { force: true });
  }
  throw fail("data-dir-unusable", { path, why: "its lock file keeps coming back" });
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/** The Boshscope that runs on that folder, or null. */
export function findRunning(path: string): (Running & { readonly token: string }) | null {
  try {
    const running = JSON.parse(readFileSync(join(path, addressFile), "utf8")) as Running & {
      token: string;
    };
    return isAlive(running.pid) ? running : null;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw fail("data-dir-unusable", { path, why: fileReasonOf(error) }, error);
  }
}

function write(path: string, text: string): void {
  const temporary = `${path}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, path);
}
