/** `boshscope open FILE`: the page on a capture file, read-only, until Ctrl+C. */
import { fail } from "../base/errors.ts";
import { readConfig } from "../config.ts";
import { renderFinding } from "../diagnose/words/render.ts";
import { type View, viewCapture } from "../view-capture.ts";
import { type Command, jsonOption, keylogOption, passwordOption, textOption } from "./command.ts";
import { readFlags } from "./flags.ts";
import { keysOf, passwordOf } from "./given.ts";
import { importProgress } from "./import.ts";
import { registerFiles } from "./register-files.ts";
import { isJson, type Surroundings } from "./surroundings.ts";

export const openCommand = {
  name: "open",
  words: "FILE",
  about: "Show a capture file in the page, read-only: .boshscope, HAR, SAZ or packets.",
  more: [
    "The file stays as it is, and nothing is kept of it once this ends. It needs no proxy and no data folder, and works beside a running Boshscope: the page's port is any free one unless --page-port says which.",
    "--register makes .boshscope files open this way by double click: on Linux for this user; on Windows and macOS it prints what to do.",
  ],
  options: [
    passwordOption,
    keylogOption,
    {
      flag: "--capture",
      value: "ID",
      about: "Of a file with several captures; left out = the newest.",
    },
    { flag: "--register", about: "Open .boshscope files by double click from now on." },
    { flag: "--no-open", about: "Do not open the page in a browser, only print its address." },
    jsonOption,
    textOption,
  ],
  settings: ["--page-port", "--host", "--token", "--body-limit"],
  defaults: { "--page-port": "any free one" },
  examples: ["boshscope open case.boshscope", "boshscope open monday.saz --password secret"],
} as const satisfies Command;

export interface Opened {
  readonly text: string;
  /** null = nothing was opened. */
  readonly view: View | null;
  /** The page is to be opened in a browser. */
  readonly shows: boolean;
}

export async function runOpen(
  argv: readonly string[],
  surroundings: Surroundings,
): Promise<Opened> {
  const flags = readFlags(argv, openCommand);
  if (flags.has("--register"))
    return { text: registerFiles(surroundings.env), view: null, shows: false };
  const [file, ...others] = flags.words;
  if (file === undefined || others.length > 0)
    throw fail("config-invalid", {
      problem: file === undefined ? "No file was named." : "One file at a time.",
      remedy: "boshscope open FILE",
    });
  const { env, log, progress } = surroundings;
  const view = await viewCapture(file, {
    config: readConfig(flags.rest, env),
    password: passwordOf(flags, env),
    keys: keysOf(flags, env),
    captureId: flags.value("--capture"),
    log,
    onProgress: importProgress(file, progress),
  });
  progress.clear();
  const text = isJson(flags, surroundings) ? viewJson(view) : sentences(view);
  return { text, view, shows: !flags.has("--no-open") };
}

function viewJson({ page, viewed }: View): string {
  const { captureId, name, file, exchanges, pending, timeline, findings } = viewed;
  const { sessions, agents } = timeline;
  const counts = { sessions: sessions.length, agents: agents.length, findings: findings.length };
  return JSON.stringify({ page, captureId, name, file, exchanges, pending, ...counts });
}

function sentences({ page, viewed }: View): string {
  const { file, exchanges, pending, timeline, findings } = viewed;
  const verdicts = findings.map((finding) => {
    const { at, title } = renderFinding(finding, "en");
    return `  ${at.slice(11, 19)} ${title}`;
  });
  return [
    `${file}: ${exchanges} exchanges (${pending} without an answer), ${timeline.sessions.length} sessions, ${timeline.agents.length} agents`,
    ...verdicts,
    `  Page ${page.url}`,
    "  Ctrl+C ends it.",
  ].join("\n");
}
