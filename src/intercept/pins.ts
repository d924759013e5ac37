/** Remembers which certificate each server showed first (design decision D5), across runs. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { codeOf, reasonOf } from "../base/errors.ts";
import { background, type Log } from "../base/log.ts";

export interface PinStore {
  get(endpoint: string): string | undefined;
  set(endpoint: string, fingerprint256: string): void;
}

export function memoryPins(): PinStore {
  const pins = new Map<string, string>();
  return {
    get: (endpoint) => pins.get(endpoint),
    set: (endpoint, pin) => void pins.set(endpoint, pin),
  };
}

/**
 * Kept as JSON in `path`. An unreadable file counts as empty and says so: pins are then learned anew. `delayMs`: until a new pin is
 * written, together with others; 0 = at once, for a program that may end at any moment.
 */
export function filePins(path: string, log: Log, delayMs = 200): PinStore {
  const pins = load(path, log);
  let saving: NodeJS.Timeout | null = null;
  const save = (): void => {
    saving = null;
    background(
      Promise.resolve().then(() => write(path, pins)),
      "pins.save",
      log,
    );
  };
  return {
    get: (endpoint) => pins.get(endpoint),
    set(endpoint, fingerprint) {
      pins.set(endpoint, fingerprint);
      if (delayMs === 0) write(path, pins);
      else saving ??= setTimeout(save, delayMs).unref();
    },
  };
}

function load(path: string, log: Log): Map<string, string> {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof parsed !== "object" || parsed === null) throw new Error("not an object");
    const entries = Object.entries(parsed).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
    return new Map(entries);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") log.warn("pins.unreadable", { path, why: reasonOf(error) });
    return new Map();
  }
}

function write(path: string, pins: ReadonlyMap<string, string>): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, JSON.stringify(Object.fromEntries(pins), null, 2), { mode: 0o600 });
  renameSync(temporary, path);
}
