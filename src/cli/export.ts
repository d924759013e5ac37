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
  writeWhole,
} from "../export-capture.ts";
import { importedPath } from "../imported-captures.ts";
import { formatOf as fileFormat } from "../interchange/open-file.ts";
import { withKeys } from "../interchange/packets/add-keys.ts";
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
  values: ["--format", "--out", "--query", "--capture", "--password", "--file", "--keys"],
  switches: ["--no-redact", "--redact-hosts", "--force"],
};

/** What to print, once the file is written. */
export async function runExport(
  argv: readonly string[],
  surroundings: ExportSurroundings,
): Promise<string> {
  const flags = readFlags(argv, spec, ["--data-dir"]);
  const { env, log, isTerminal, progress } = surroundings;
  const out = outOf(flags);
  if (flags.value("--keys") !== null) return addKeys(flags, out, isTerminal);
  const format = formatOf(flags, out);
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
  const hint = format === "pcapng" ? [wiresharkHint(out)] : [];
  return [`${out}: ${count} exchanges`, ...reportLines(report, isRedacted), ...hint].join("\n");
}

function outOf(flags: ReadFlags): string {
  const out = flags.value("--out");
  if (out === null)
    throw fail("config-invalid", { problem: "--out FILE is needed.", remedy: usage });
  if (existsSync(out) && !flags.has("--force"))
    throw fail("file-unwritable", { path: out, why: "it is there already (--force replaces it)" });
  return out;
}

const wiresharkHint = (out: string): string =>
  `Look at it with: tshark -r ${out} -d tcp.port==7443,http -d tcp.port==8445,http (in Wireshark: Analyze, Decode As)`;

const usage =
  "boshscope export --format har|saz|boshscope|pcapng --out FILE [--query FILTER] [--capture ID] [--redact-hosts | --no-redact]";

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

/** Keys make sense where there is something to decrypt: in a capture of the wire, not in packets that were made of what is decrypted. */
async function addKeys(flags: ReadFlags, out: string, isTerminal: boolean): Promise<string> {
  const [file, keys] = [flags.value("--file"), flags.value("--keys") ?? ""];
  if (file === null || (await fileFormat(file)) !== "pcap")
    throw fail("config-invalid", {
      problem:
        "--keys has nothing to decrypt here: the packets of an export are made of what is decrypted already.",
      remedy:
        "To put keys into a capture of the wire: boshscope export --file WIRE.pcapng --keys KEYS --out WITH-KEYS.pcapng",
    });
  const keyed = await withKeys(file, keys);
  await writeWhole(keyed.bytes(), out);
  const warning =
    "Whoever has this file reads everything in it, passwords too: nothing was redacted.";
  if (!isTerminal)
    return JSON.stringify({ out, format: "pcapng", connections: keyed.connections, warning });
  return `${out}: keys of ${keyed.connections} connections put in.\n${warning}`;
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
