/** Passwords and TLS keys of files: as options, or by the variables that the options' texts name. */
import { fail } from "../base/errors.ts";
import { isProtected } from "../interchange/open-file.ts";
import type { ReadFlags } from "./flags.ts";

export const passwordOf = (flags: ReadFlags<"--password">, env: NodeJS.ProcessEnv): string | null =>
  flags.value("--password") ?? env["BOSHSCOPE_FILE_PASSWORD"] ?? null;

/** Path of a key log. */
export const keysOf = (flags: ReadFlags<"--keylog">, env: NodeJS.ProcessEnv): string | null =>
  flags.value("--keylog") ?? env["SSLKEYLOGFILE"] ?? null;

interface Use {
  /** Of the file that is written. */
  readonly format: string;
  /** The file that is read, if the password may be meant for that; null = there is none. */
  readonly input: string | null;
}

/** A password that would do nothing is not passed over: the file would be taken for a protected one. Throws "config-invalid". */
export async function refuseIdlePassword(
  flags: ReadFlags<"--password">,
  { format, input }: Use,
): Promise<void> {
  if (!flags.has("--password") || format === "saz") return;
  if (input !== null && (await isProtected(input))) return;
  throw fail("config-invalid", {
    problem: `--password can't be used: ${format.toUpperCase()} files are not encrypted.`,
    remedy: "Only SAZ can be encrypted; name it .saz, or drop --password.",
  });
}
