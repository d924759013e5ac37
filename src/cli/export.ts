/** `boshscope export` and `boshscope redact`: captures as files for other tools and other people. */
import { createHmac, randomBytes } from "node:crypto";
import { createWriteStream, existsSync, renameSync, rmSync } from "node:fs";
import { extname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { systemClock } from "../base/clock.ts";
import { BoshscopeError, fail, reasonOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { readConfig } from "../config.ts";
import { foldCopies } from "../fold-copies.ts";
import { type Export, exportBytes, prepareExport } from "../interchange/export-copies.ts";
import { reportLines } from "../interchange/sharing/share-report.ts";
import { createRedactor } from "../redact/redactor.ts";
import { openReader } from "../store/open-reader.ts";
import { sealFile } from "../store/seal-file.ts";
import { version } from "../version.ts";
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
const formats = ["har", "saz", "boshscope"] as const;
type Format = (typeof formats)[number];

/** What to print, once the file is written. */
export async function runExport(
  argv: readonly string[],
  surroundings: ExportSurroundings,
): Promise<string> {
  const flags = readFlags(argv, spec, ["--data-dir"]);
  const { env, log, isTerminal } = surroundings;
  const out = flags.value("--out");
  if (out === null)
    throw fail("config-invalid", { problem: "--out FILE is needed.", remedy: usage });
  const format = formatOf(flags, out);
  if (existsSync(out) && !flags.has("--force"))
    throw fail("file-unwritable", { path: out, why: "it is there already (--force replaces it)" });
  const source = sourceOf(flags, env);
  const reader = openReader(source, { captureId: () => flags.value("--capture") ?? "", log });
  try {
    const isRedacted = !flags.has("--no-redact");
    const prepared = await prepareExport(reader, {
      captureId: flags.value("--capture"),
      query: flags.value("--query") ?? "",
      redact: isRedacted ? { hosts: flags.has("--redact-hosts") } : null,
      newRedactor: () => createRedactor({ hash: newHash(), keepSecrets: false }),
      nowWall: systemClock.wall(),
      onProgress: (read, of) =>
        surroundings.progress.show(`${out}: ${read} of ${of} exchanges read`),
    });
    await write(prepared, { format, out, password: passwordOf(flags, env), log });
    surroundings.progress.clear();
    const report = prepared.report();
    if (!isTerminal) return JSON.stringify({ out, format, redacted: isRedacted, ...report });
    return [`${out}: ${prepared.count} exchanges`, ...reportLines(report, isRedacted)].join("\n");
  } finally {
    await reader.close();
  }
}

const usage =
  "boshscope export --format har|saz|boshscope --out FILE [--query FILTER] [--capture ID] [--redact-hosts | --no-redact]";

function formatOf(flags: ReadFlags, out: string): Format {
  const word = flags.value("--format") ?? extname(out).slice(1).toLowerCase();
  const format = formats.find((known) => known === word);
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
  const imported = join(dataDir, "imported", `${flags.value("--capture") ?? ""}.boshscope`);
  const path = file ?? (existsSync(imported) ? imported : join(dataDir, "capture.sqlite"));
  if (!existsSync(path))
    throw fail("file-unreadable", { path, why: "there is no capture yet", remedy: usage });
  return path;
}

const passwordOf = (flags: ReadFlags, env: NodeJS.ProcessEnv): string | null =>
  flags.value("--password") ?? env["BOSHSCOPE_FILE_PASSWORD"] ?? null;

/** Under another name until it is whole: half a file is taken for a whole one. */
async function write(
  prepared: Export,
  target: { format: Format; out: string; password: string | null; log: Log },
): Promise<void> {
  const { format, out, password } = target;
  const partial = `${out}.part`;
  try {
    if (format === "boshscope") await writeNative(prepared, partial);
    else {
      const bytes = exportBytes(prepared, { format, version, password, random: randomBytes });
      await pipeline(Readable.from(bytes), createWriteStream(partial, { mode: 0o600 }));
    }
    renameSync(partial, out);
  } catch (error) {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(partial + suffix, { force: true });
    if (error instanceof BoshscopeError) throw error;
    throw fail("file-unwritable", { path: out, why: reasonOf(error) }, error);
  }
}

async function writeNative(prepared: Export, path: string): Promise<void> {
  await foldCopies(prepared.copies(), {
    path,
    captureId: `x${randomBytes(4).toString("hex")}`,
    name: prepared.capture.name,
    keepSecrets: prepared.capture.secretsKept,
    bodyLimit: Number.MAX_SAFE_INTEGER,
    onProgress: () => undefined,
  });
  sealFile(path);
}

function newHash(): (secret: string) => string {
  const key = randomBytes(32);
  return (secret) => createHmac("sha256", key).update(secret).digest("hex").slice(0, 32);
}
