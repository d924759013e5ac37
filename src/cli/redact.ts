/** `boshscope redact FILE`: a copy that can be shared, of any capture that can be read, and word of what is not in it any more. */
import { rmSync } from "node:fs";
import { fail } from "../base/errors.ts";
import { temporaryFolder } from "../base/temporary-folder.ts";
import { importFile } from "../capture-folder.ts";
import { type ExportFormat, exportCapture } from "../export-capture.ts";
import { type FileFormat, formatOf } from "../interchange/open-file.ts";
import { reportLines } from "../interchange/sharing/share-report.ts";
import { type Command, jsonOption, passwordOption, textOption } from "./command.ts";
import { formatFor, formatOption, redactHostsOption } from "./export.ts";
import { type ReadFlags, readFlags } from "./flags.ts";
import { passwordOf, refuseIdlePassword } from "./given.ts";
import { importProgress } from "./import.ts";
import { forceOption, outOf, outOption } from "./out-file.ts";
import { isJson, type Surroundings } from "./surroundings.ts";

export const redactCommand = {
  name: "redact",
  words: "FILE",
  about: "Write a copy of a capture that can be shared, and tell what was replaced in it.",
  more: [
    "Takes HAR, SAZ and .boshscope files, also of other tools: passwords, tokens and cookies go as they would have when captured, then agents, names, numbers, call data and session ids. Without --out nothing is written and the report alone is told: what would be replaced, and what would not.",
    "The copy is Boshscope's own: what only the other tool knows of (fields of its own, pages) is not in it. A SAZ that had a password keeps it.",
  ],
  options: [
    outOption,
    formatOption,
    redactHostsOption,
    passwordOption,
    forceOption,
    jsonOption,
    textOption,
  ],
  settings: [],
  examples: [
    "boshscope redact fiddler.saz",
    "boshscope redact chrome.har -o share.har --redact-hosts",
  ],
} as const satisfies Command;

type Flags = ReadFlags<(typeof redactCommand)["options"][number]["flag"]>;

/** What to print, once the copy is there. */
export async function runRedact(
  argv: readonly string[],
  surroundings: Surroundings,
): Promise<string> {
  const flags = readFlags(argv, redactCommand);
  const [path, ...others] = flags.words;
  if (path === undefined || others.length > 0)
    throw fail("config-invalid", {
      problem: path === undefined ? "No file was named." : "One file at a time.",
      remedy: "boshscope redact FILE --out COPY",
    });
  const out = outOf(flags);
  const format = formatFor(flags, out ?? "", formatLike(await formatOf(path)));
  if (out !== null) await refuseIdlePassword(flags, { format, input: path });
  // Private to this user, as the file's secrets pass through it.
  const folder = temporaryFolder("redact");
  try {
    return await redacted({ path, out, format, flags, folder }, surroundings);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Redaction {
  readonly path: string;
  readonly out: string | null;
  readonly format: ExportFormat;
  readonly flags: Flags;
  readonly folder: string;
}

async function redacted(
  { path, out, format, flags, folder }: Redaction,
  surroundings: Surroundings,
): Promise<string> {
  const { env, progress } = surroundings;
  const password = passwordOf(flags, env);
  const imported = await importFile(path, {
    folder,
    password,
    keys: null,
    // Replaced when the copy is written, where they are counted.
    keepSecrets: true,
    bodyLimit: Number.MAX_SAFE_INTEGER,
    onProgress: importProgress(path, progress),
  });
  const { count, report } = await exportCapture(
    {
      source: imported.path,
      out,
      format,
      captureId: imported.captureId,
      query: "",
      redact: { hosts: flags.has("--redact-hosts") },
      password: format === "saz" ? password : null,
    },
    (read, of) => progress.show(`${out ?? path}: ${read} of ${of} exchanges read`),
  );
  progress.clear();
  if (isJson(flags, surroundings)) return JSON.stringify({ file: path, out, format, ...report });
  const done =
    out === null
      ? `${path}: ${count} exchanges; nothing was written (--out FILE)`
      : `${out}: ${count} exchanges of ${path}`;
  return [done, ...reportLines(report, true)].join("\n");
}

/** A packet capture has no place for what was replaced: its copy is our own. */
const formatLike = (format: FileFormat): ExportFormat => (format === "pcap" ? "boshscope" : format);
