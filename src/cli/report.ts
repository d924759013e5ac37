/** `boshscope report`: what was found in a capture, for a case; of a running Boshscope or of one that has ended. */
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { systemClock } from "../base/clock.ts";
import { fail, reasonOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { readConfig } from "../config.ts";
import { type Language, renderFinding } from "../diagnose/words/render.ts";
import type { CaptureInfo, CaptureReader } from "../domain/recording.ts";
import { gatherReport } from "../interchange/report/gather.ts";
import { reportHtml } from "../interchange/report/report-html.ts";
import { reportMarkdown } from "../interchange/report/report-markdown.ts";
import { openReader } from "../store/open-reader.ts";
import { version } from "../version.ts";
import { type ReadFlags, readFlags } from "./flags.ts";

const spec = {
  values: ["--format", "--lang", "--out", "--query", "--finding", "--capture", "--file"],
  switches: [],
};
const usage =
  "boshscope report [--lang en|es] [--format html|md] [--out FILE] [--query FILTER] [--finding ID] [--capture ID] [--file CAPTURE_FILE] [--data-dir DIR]";

/** What to print: the report itself, or where it was written. */
export async function runReport(
  argv: readonly string[],
  { env, log }: { readonly env: NodeJS.ProcessEnv; readonly log: Log },
): Promise<string> {
  const flags = readFlags(argv, spec, ["--data-dir", "--certs-dir"]);
  const language = oneOf(flags, "--lang", ["en", "es"] as const) ?? "en";
  const out = flags.value("--out");
  const format = oneOf(flags, "--format", ["html", "md"] as const) ?? formatOf(out);
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
    const text = format === "html" ? reportHtml(input) : reportMarkdown(input);
    if (out === null) return text;
    write(out, text);
    return `${out}: ${input.incidents.length} findings of ${capture.name}`;
  } finally {
    await reader.close();
  }
}

const formatOf = (out: string | null): "html" | "md" =>
  out !== null && extname(out) === ".md" ? "md" : "html";

function oneOf<Word extends string>(
  flags: ReadFlags,
  name: string,
  words: readonly Word[],
): Word | null {
  const given = flags.value(name);
  if (given === null) return null;
  const found = words.find((word) => word === given);
  if (found === undefined)
    throw fail("config-invalid", {
      problem: `${name} is ${words.join(" or ")}, not "${given}".`,
      remedy: usage,
    });
  return found;
}

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
