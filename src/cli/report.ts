/** `boshscope report`: what was found in a capture, for a case; of a running Boshscope or of one that has ended. */
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { systemClock } from "../base/clock.ts";
import { fail, reasonOf } from "../base/errors.ts";
import { readConfig } from "../config.ts";
import { type Language, renderFinding } from "../diagnose/words/render.ts";
import type { CaptureInfo, CaptureReader } from "../domain/recording.ts";
import { gatherReport } from "../interchange/report/gather.ts";
import { reportHtml } from "../interchange/report/report-html.ts";
import { reportMarkdown } from "../interchange/report/report-markdown.ts";
import { openReader } from "../store/open-reader.ts";
import { version } from "../version.ts";
import { type Command, languageOption } from "./command.ts";
import { choiceOf, readFlags } from "./flags.ts";
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
    {
      flag: "--out",
      short: "-o",
      value: "FILE",
      about: "File to write; left out = it is printed.",
    },
    { flag: "--query", value: "FILTER", about: "Only findings whose exchanges match." },
    { flag: "--finding", value: "ID", about: "Only this finding." },
    { flag: "--capture", value: "ID", about: "The capture of that id; left out = the latest." },
    { flag: "--file", value: "FILE", about: "A capture file, in place of the data folder's." },
  ],
  settings: ["--data-dir", "--certs-dir"],
  examples: ["boshscope report --lang es --out case.html"],
} as const satisfies Command;

const usage = "boshscope help report tells more.";

/** What to print: the report itself, or where it was written. */
export async function runReport(
  argv: readonly string[],
  { env, log, progress, isTerminal }: Surroundings,
): Promise<string> {
  const flags = readFlags(argv, reportCommand);
  const language = choiceOf(flags.value("--lang"), ["en", "es"]) ?? "en";
  const out = flags.value("--out");
  const format = choiceOf(flags.value("--format"), ["html", "md"]) ?? formatOf(out);
  const { settings } = readConfig(flags.rest, env);
  const path = flags.value("--file") ?? join(settings.dataDir, "capture.sqlite");
  if (!existsSync(path))
    throw fail("file-unreadable", { path, why: "there is no capture yet", remedy: usage });
  const wanted = flags.value("--capture");
  let captureId = wanted ?? "";
  const reader = openReader(path, { captureId: () => captureId, log });
  try {
    const capture = await captureOf(reader, wanted);
    captureId = capture.id;
    progress.show(`${path}: reading what was found in ${capture.name}`);
    const input = await gatherReport(reader, await findingsOf(reader, captureId, language), {
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

const formatOf = (out: string | null): "html" | "md" =>
  out !== null && extname(out) === ".md" ? "md" : "html";

/** The one named, else the latest in which anything passed: a start without traffic leaves an empty one behind. */
async function captureOf(reader: CaptureReader, wanted: string | null): Promise<CaptureInfo> {
  const captures = await reader.captures();
  const latestFirst = captures.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
  const found =
    wanted === null
      ? (latestFirst.find(({ exchanges }) => exchanges > 0) ?? latestFirst[0])
      : captures.find(({ id }) => id === wanted);
  if (found === undefined) throw fail("not-found", { what: `capture ${wanted ?? ""}` });
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
    throw fail("file-unwritable", { path, why: reasonOf(error) }, error);
  }
}
