/** `boshscope report`: what was found in a capture, for a case; of a running Boshscope or of one that has ended. */
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { systemClock } from "../base/clock.ts";
import { codeOf, fail, fileReasonOf } from "../base/errors.ts";
import { readConfig } from "../config.ts";
import { type Language, renderFinding } from "../diagnose/words/render.ts";
import type { CaptureInfo, CaptureReader } from "../domain/recording.ts";
import { noSuchCapture } from "../interchange/export-copies.ts";
import { gatherReport } from "../interchange/report/gather.ts";
import { reportHtml } from "../interchange/report/report-html.ts";
import { reportMarkdown } from "../interchange/report/report-markdown.ts";
import { openReader } from "../store/open-reader.ts";
import { version } from "../version.ts";
import { openAside, sourceOf } from "./bring-in.ts";
import { type Command, keylogOption, languageOption, passwordOption } from "./command.ts";
import { choiceOf, readFlags } from "./flags.ts";
import { keysOf, passwordOf } from "./given.ts";
import { forceOption, outOf, outOption } from "./out-file.ts";
import type { Surroundings } from "./surroundings.ts";

export const reportCommand = {
  name: "report",
  words: "",
  about: "Write what was found in a capture as a document for a case.",
  options: [
    languageOption,
    {
      flag: "--format",
      value: "FORMAT",
      choices: ["html", "md"],
      about: "HTML or Markdown; left out = by the file's ending, else HTML.",
    },
    { ...outOption, about: "File to write; left out = it is printed." },
    forceOption,
    { flag: "--query", value: "FILTER", about: "Only findings whose exchanges match." },
    { flag: "--finding", value: "ID", about: "Only this finding." },
    { flag: "--capture", value: "ID", about: "The capture of that id; left out = the latest." },
    {
      flag: "--file",
      value: "FILE",
      about: "A capture file of any format, in place of the data folder's.",
    },
    passwordOption,
    keylogOption,
  ],
  settings: ["--data-dir", "--certs-dir"],
  examples: ["boshscope report --lang es --out case.html"],
} as const satisfies Command;

/** What to print: the report itself, or where it was written. */
export async function runReport(
  argv: readonly string[],
  { env, log, progress, isTerminal }: Surroundings,
): Promise<string> {
  const flags = readFlags(argv, reportCommand);
  const language = choiceOf(flags.value("--lang"), ["en", "es"]) ?? "en";
  const out = outOf(flags);
  const format = choiceOf(flags.value("--format"), ["html", "md"]) ?? formatOf(out);
  const { settings } = readConfig(flags.rest, env);
  const source = sourceOf(flags, settings);
  using aside = openAside("report");
  const given = { password: passwordOf(flags, env), keys: keysOf(flags, env) };
  const path = await aside.bring(source, given);
  const wanted = flags.value("--capture");
  let captureId = wanted ?? "";
  const reader = openReader(path, { captureId: () => captureId, log });
  try {
    const capture = await captureOf(reader, wanted);
    captureId = capture.id;
    progress.show(`${source}: reading what was found in ${capture.name}`);
    const all = await findingsOf(reader, captureId, language);
    checkFinding(flags.value("--finding"), all);
    const input = await gatherReport(reader, all, {
      language,
      madeAt: new Date(systemClock.wall()).toISOString(),
      query: flags.value("--query") ?? "",
      finding: flags.value("--finding"),
      environment: {
        version,
        platform: process.platform,
        captureId,
        captureName: capture.name,
        serverCerts: settings.serverCerts,
        caFingerprint256: fingerprintOf(settings.certsDir),
        keepsSecrets: capture.secretsKept,
        notKept: null,
      },
    });
    progress.clear();
    const text = format === "html" ? reportHtml(input) : reportMarkdown(input);
    if (out === null) return text;
    write(out, text);
    const findings = input.incidents.length;
    return isTerminal
      ? `${out}: ${findings} findings of ${capture.name}`
      : JSON.stringify({ out, format, findings, captureId });
  } finally {
    await reader.close();
  }
}

const endings: Readonly<Record<string, "html" | "md">> = {
  "": "html",
  ".html": "html",
  ".htm": "html",
  ".md": "md",
  ".markdown": "md",
};

/** Throws "config-invalid". */
function formatOf(out: string | null): "html" | "md" {
  const ending = extname(out ?? "").toLowerCase();
  const format = endings[ending];
  if (format !== undefined) return format;
  throw fail("config-invalid", {
    problem: `A report is HTML or Markdown, not "${ending.slice(1)}".`,
    remedy: "Name the file .html or .md, or say --format html|md.",
  });
}

/** Throws "not-found". */
function checkFinding(wanted: string | null, findings: readonly { readonly id: string }[]): void {
  if (wanted === null || findings.some(({ id }) => id === wanted)) return;
  const ids = findings.map(({ id }) => id).slice(0, mostListed);
  throw fail("not-found", {
    what: `finding ${wanted} in this capture`,
    remedy: ids.length === 0 ? "Nothing was found in it." : `There is ${ids.join(", ")}.`,
  });
}

const mostListed = 20;

/** The one named, else the latest in which anything passed: a start without traffic leaves an empty one behind. */
async function captureOf(reader: CaptureReader, wanted: string | null): Promise<CaptureInfo> {
  const captures = await reader.captures();
  const latestFirst = captures.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  const found =
    wanted === null
      ? (latestFirst.find(({ exchanges }) => exchanges > 0) ?? latestFirst[0])
      : captures.find(({ id }) => id === wanted);
  if (found === undefined) throw noSuchCapture(wanted, captures);
  return found;
}

async function findingsOf(reader: CaptureReader, captureId: string, language: Language) {
  const findings = await reader.storedFindings(captureId);
  return findings.map((finding) => renderFinding(finding, language));
}

/** Of this installation's root CA; "–" when it has none (yet). */
function fingerprintOf(certsDir: string): string {
  const path = join(certsDir, "boshscope-ca.pem");
  return existsSync(path) ? new X509Certificate(readFileSync(path)).fingerprint256 : "–";
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600 });
  } catch (error) {
    const why = codeOf(error) === "ENOENT" ? "there is no such folder" : fileReasonOf(error);
    throw fail("file-unwritable", { path, why }, error);
  }
}
