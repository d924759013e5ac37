/** `boshscope export`: captures as files for other tools and other people. */
import { existsSync } from "node:fs";
import { extname, join } from "node:path";
import { fail } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { readConfig } from "../config.ts";
import {
  type ExportFormat,
  type ExportOrder,
  exportCapture,
  exportFormats,
} from "../export-capture.ts";
import { importedPath } from "../imported-captures.ts";
import { reportLines } from "../interchange/sharing/share-report.ts";
import { type ReadFlags, readFlags } from "./flags.ts";
import type { Progress } from "./progress.ts";

export interface ExportSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly log: Log;
  readonly progress: Progress;
  readonly isTerminal: boolean;
}

const spec = {
  values: ["--format", "--out", "--query", "--capture", "--password", "--file"],
  switches: ["--no-redact", "--redact-hosts", "--force"],
};

/** What to print, once the file is written. */
export async function runExport(
  argv: readonly string[],
  surroundings: ExportSurroundings,
): Promise<string> {
  const flags = readFlags(argv, spec, ["--data-dir"]);
  const { env, log, isTerminal, progress } = surroundings;
  const out = flags.value("--out");
  if (out === null)
    throw fail("config-invalid", { problem: "--out FILE is needed.", remedy: usage });
  const format = formatOf(flags, out);
  if (existsSync(out) && !flags.has("--force"))
    throw fail("file-unwritable", { path: out, why: "it is there already (--force replaces it)" });
  const isRedacted = !flags.has("--no-redact");
  const order: ExportOrder = {
    source: sourceOf(flags, env),
    out,
    format,
    captureId: flags.value("--capture"),
    query: flags.value("--query") ?? "",
    redact: isRedacted ? { hosts: flags.has("--redact-hosts") } : null,
    password: passwordOf(flags, env),
  };
  const { count, report } = await exportCapture(order, log, (read, of) =>
    progress.show(`${out}: ${read} of ${of} exchanges read`),
  );
  progress.clear();
  if (!isTerminal) return JSON.stringify({ out, format, redacted: isRedacted, ...report });
  return [`${out}: ${count} exchanges`, ...reportLines(report, isRedacted)].join("\n");
}

const usage =
  "boshscope export --format har|saz|boshscope --out FILE [--query FILTER] [--capture ID] [--redact-hosts | --no-redact]";

function formatOf(flags: ReadFlags, out: string): ExportFormat {
  const word = flags.value("--format") ?? extname(out).slice(1).toLowerCase();
  const format = exportFormats.find((known) => known === word);
  if (format === undefined)
    throw fail("config-invalid", {
      problem: `"${word}" is no format of an export.`,
      remedy: usage,
    });
  return format;
}

/** The live capture's file, an imported capture's, or the one named. */
function sourceOf(flags: ReadFlags, env: NodeJS.ProcessEnv): string {
  const file = flags.value("--file");
  const { dataDir } = readConfig(flags.rest, env).settings;
  const imported = importedPath(dataDir, flags.value("--capture") ?? "");
  const path = file ?? imported ?? join(dataDir, "capture.sqlite");
  if (!existsSync(path))
    throw fail("file-unreadable", { path, why: "there is no capture yet", remedy: usage });
  return path;
}

const passwordOf = (flags: ReadFlags, env: NodeJS.ProcessEnv): string | null =>
  flags.value("--password") ?? env["BOSHSCOPE_FILE_PASSWORD"] ?? null;
