/** Passwords and TLS keys of files: as options, or by the variables that the options' texts name. */
import type { ReadFlags } from "./flags.ts";

export const passwordOf = (flags: ReadFlags<"--password">, env: NodeJS.ProcessEnv): string | null =>
  flags.value("--password") ?? env["BOSHSCOPE_FILE_PASSWORD"] ?? null;

/** Path of a key log. */
export const keysOf = (flags: ReadFlags<"--keylog">, env: NodeJS.ProcessEnv): string | null =>
  flags.value("--keylog") ?? env["SSLKEYLOGFILE"] ?? null;
