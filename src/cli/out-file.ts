/** The file that a command writes, and the options that say which. */
import { existsSync } from "node:fs";
import { fail } from "../base/errors.ts";
import type { Option } from "./command.ts";
import type { ReadFlags } from "./flags.ts";

export const outOption = {
  flag: "--out",
  short: "-o",
  value: "FILE",
  about: "File to write.",
} as const satisfies Option;

export const forceOption = {
  flag: "--force",
  about: "Replace the file if it is there already.",
} as const satisfies Option;

/** null = none was named. A file that is there is nobody's to lose: throws "file-unwritable" without --force. */
export function outOf(flags: ReadFlags<"--out" | "--force">): string | null {
  const out = flags.value("--out");
  if (out !== null && existsSync(out) && !flags.has("--force"))
    throw fail("file-unwritable", { path: out, why: "it is there already (--force replaces it)" });
  return out;
}

/** Throws "config-invalid" when none was named. */
export function neededOutOf(flags: ReadFlags<"--out" | "--force">, remedy: string): string {
  const out = outOf(flags);
  if (out !== null) return out;
  throw fail("config-invalid", { problem: "--out FILE is needed.", remedy });
}
