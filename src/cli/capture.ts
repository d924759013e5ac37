/** `boshscope capture --out FILE`: records without anybody watching, and writes the file when it is told to end. */
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { type App, startApp } from "../app.ts";
import { fail, reasonOf } from "../base/errors.ts";
import { readConfig } from "../config.ts";
import { parseDuration } from "../config-values.ts";
import { renderFinding } from "../diagnose/words/render.ts";
import { exportCapture } from "../export-capture.ts";
import { reportLines } from "../interchange/sharing/share-report.ts";
import { type Command, jsonOption, passwordOption, textOption } from "./command.ts";
import { formatFor, formatOption, noRedactOption, redactHostsOption } from "./export.ts";
import { readFlags } from "./flags.ts";
import { passwordOf, refuseIdlePassword } from "./given.ts";
import { forceOption, neededOutOf, outOption } from "./out-file.ts";
import { isJson, type Surroundings } from "./surroundings.ts";

export const captureCommand = {
  name: "capture",
  words: "--out FILE",
  about:
    "Record without anybody watching, until Ctrl+C, SIGTERM or a time is over; then write a file.",
  more: [
    "Proxy and page are those of start, with its options. The file is redacted as by export; what was recorded also stays in the data folder.",
    "Where the output is no terminal it prints two lines of JSON: one when it records (addresses, token in the page's), one when the file is written.",
  ],
  options: [
    outOption,
    { flag: "--for", value: "TIME", about: "End by itself after this long, such as 90s, 10m, 8h." },
    formatOption,
    redactHostsOption,
    noRedactOption,
    passwordOption,
    forceOption,
    jsonOption,
    textOption,
  ],
  settings: "all",
  examples: ["boshscope capture --out shift.boshscope --for 8h --finesse fin1.example.com"],
} as const satisfies Command;

export interface CaptureSurroundings extends Surroundings {
  /** Prints a line at once. */
  readonly say: (text: string) => void;
  /** Resolves when the process is asked to end. */
  readonly asked: Promise<unknown>;
  readonly timeScale: number;
}

/** What to print at the end. */
export async function runCapture(
  argv: readonly string[],
  surroundings: CaptureSurroundings,
): Promise<string> {
  const flags = readFlags(argv, captureCommand);
  const { env, log, asked, timeScale } = surroundings;
  const out = neededOutOf(flags, "boshscope capture --out FILE");
  const format = formatFor(flags, out);
  await refuseIdlePassword(flags, { format, input: null });
  const limitMs = timeOf(flags.value("--for"));
  const config = readConfig(flags.rest, env);
  const app = await startApp(config, log, timeScale);
  const { captureId } = app.recorder.status();
  try {
    surroundings.say(isJson(flags, surroundings) ? startJson(app, captureId) : greeting(app, out));
    await ended(app, { limitMs, asked, surroundings });
  } finally {
    await app.close();
  }
  const redact = flags.has("--no-redact") ? null : { hosts: flags.has("--redact-hosts") };
  const source = join(config.settings.dataDir, "capture.sqlite");
  const password = passwordOf(flags, env);
  const { count, report } = await exportCapture(
    { source, out, format, captureId, query: "", redact, password },
    (read, of) => surroundings.progress.show(`${out}: ${read} of ${of} exchanges read`),
  );
  surroundings.progress.clear();
  const findings = app.recorder.findings();
  if (isJson(flags, surroundings))
    return JSON.stringify({
      state: "written",
      out,
      format,
      captureId,
      redacted: redact !== null,
      findings: findings.length,
      ...report,
    });
  const verdicts = findings.map((finding) => {
    const { at, title } = renderFinding(finding, "en");
    return `  ${at.slice(11, 19)} ${title}`;
  });
  return [`${out}: ${count} exchanges`, ...verdicts, ...reportLines(report, redact !== null)].join(
    "\n",
  );
}

/** ms; null = until asked. */
function timeOf(word: string | null): number | null {
  if (word === null) return null;
  try {
    return parseDuration(word);
  } catch (error) {
    throw fail("config-invalid", { problem: `--for can't be used: ${reasonOf(error)}.` }, error);
  }
}

const startJson = ({ proxy: { host, port }, page, authority }: App, captureId: string): string =>
  JSON.stringify({
    state: "recording",
    captureId,
    proxy: { host, port },
    page,
    ca: authority.path,
  });

const greeting = ({ proxy, page, authority }: App, out: string): string =>
  `Recording to ${out}. Ctrl+C ends it and writes the file.\n  Proxy ${proxy.host}:${proxy.port}\n  Page  ${page.url}\n  CA    ${authority.path}`;

async function ended(
  { recorder }: App,
  how: {
    readonly limitMs: number | null;
    readonly asked: Promise<unknown>;
    readonly surroundings: Surroundings;
  },
): Promise<void> {
  const { limitMs, asked, surroundings } = how;
  const startedAt = performance.now();
  const told = setInterval(() => {
    const { exchanges, pending } = recorder.status();
    const found = recorder.findings().length;
    const time = clockTime(performance.now() - startedAt);
    surroundings.progress.show(
      `${time}  ${exchanges} exchanges, ${pending} waiting, ${found} findings`,
    );
  }, 500);
  const stop = new AbortController();
  const over = limitMs === null ? asked : Promise.race([asked, after(limitMs, null, stop)]);
  try {
    await over;
  } finally {
    stop.abort();
    clearInterval(told);
    surroundings.progress.clear();
  }
}

function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
