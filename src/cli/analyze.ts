/** `boshscope analyze`: reads captures and logs as one observation, and says who broke what. */
import { existsSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { fail } from "../base/errors.ts";
import { clockReference, sessionsIn } from "../clock-reference.ts";
import { replay } from "../diagnose/replay.ts";
import { renderFinding } from "../diagnose/words/render.ts";
import type { LogFact } from "../domain/log-fact.ts";
import { loadLogs } from "../load-logs.ts";
import { alignLogs, type ClockReference, noReference, placeFacts } from "../logs/align.ts";
import { factsOfCapture, logFactAt, type TimedFact } from "../replay-capture.ts";
import { openReader } from "../store/open-reader.ts";
import { bringIn, isForeign } from "./bring-in.ts";
import {
  type Command,
  jsonOption,
  keylogOption,
  languageOption,
  passwordOption,
  textOption,
} from "./command.ts";
import { choiceOf, readFlags } from "./flags.ts";
import { isJson, type Surroundings } from "./surroundings.ts";

export const analyzeCommand = {
  name: "analyze",
  words: "CAPTURE|DATA_DIR|LOG…",
  about: "Say who broke what, from captures and logs, without a running program.",
  more: [
    "Capture files and logs given together count as one observation; logs alone give a verdict too.",
    "Exit code: 0 nothing found, 1 a warning, 2 a near miss, 3 a disconnect.",
  ],
  options: [
    languageOption,
    {
      flag: "--time-scale",
      value: "N",
      about: "Protocol seconds in a real one, of a demo's capture.",
    },
    keylogOption,
    passwordOption,
    jsonOption,
    textOption,
  ],
  settings: [],
  examples: ["boshscope analyze case.boshscope openfire-debug.log --lang es"],
} as const satisfies Command;

const usage = "boshscope help analyze tells more.";

export interface Analysis {
  /** What to print. */
  readonly text: string;
  /** 0 nothing found, 1 warnings, 2 a near miss, 3 a disconnect. */
  readonly exitCode: number;
}

const severities = ["warning", "near-miss", "disconnect"] as const;

export async function runAnalyze(
  argv: readonly string[],
  surroundings: Omit<Surroundings, "env">,
): Promise<Analysis> {
  const flags = readFlags(argv, analyzeCommand);
  const { log, progress } = surroundings;
  if (flags.words.length === 0)
    throw fail("config-invalid", { problem: "No capture and no log was named.", remedy: usage });
  const language = choiceOf(flags.value("--lang"), ["en", "es"]) ?? "en";
  const { captures, foreign, logs } = sorted(flags.words);
  const [keys, password] = [flags.value("--keylog"), flags.value("--password")];
  progress.show(`reading ${flags.words.length} files`);
  using brought = await bringIn(foreign, { keys, password });
  const loaded = await loadLogs(logs.map((path) => ({ path, name: basename(path) })));
  const paths = [...captures, ...brought.paths];
  const read = await readCaptures(paths, loaded.facts, { log, progress });
  const placed = placeFacts(loaded.facts, alignLogs(loaded.facts, read.reference));
  const facts = [...read.facts, ...placed.map(logFactAt)];
  const findings = replay(facts, scaleOf(flags.value("--time-scale")));
  const views = findings.map((finding) => renderFinding(finding, language));
  const worst = Math.max(0, ...findings.map(({ severity }) => severities.indexOf(severity) + 1));
  const skipped = loaded.skipped.map(({ file, why }) => `${file}: not read: ${why}`);
  progress.clear();
  const text = isJson(flags, surroundings)
    ? JSON.stringify({ findings: views, skipped: loaded.skipped })
    : [...skipped, ...asText(views)].join("\n");
  return { text, exitCode: worst };
}

function scaleOf(word: string | null): number {
  const scale = Number(word ?? 1);
  if (scale > 0 && scale <= 2000) return scale;
  throw fail("config-invalid", {
    problem: `--time-scale ${word} is not a number from 0 to 2000.`,
    remedy: usage,
  });
}

const captureEndings = new Set([".sqlite", ".boshscope"]);

interface Sorted {
  readonly captures: string[];
  /** Other tools' captures. */
  readonly foreign: string[];
  readonly logs: string[];
}

/** Captures and folders of them; all else is taken for a log. */
function sorted(words: readonly string[]): Sorted {
  const captures: string[] = [];
  const foreign: string[] = [];
  const logs: string[] = [];
  for (const word of words) {
    const isFolder = statSync(word, { throwIfNoEntry: false })?.isDirectory() === true;
    const path = isFolder ? join(word, "capture.sqlite") : word;
    if (!existsSync(path))
      throw fail("file-unreadable", { path, why: "there is no such file", remedy: usage });
    const isCapture = isFolder || captureEndings.has(extname(word));
    (isCapture ? captures : isForeign(word) ? foreign : logs).push(path);
  }
  return { captures, foreign, logs };
}

interface ReadCaptures {
  readonly facts: readonly TimedFact[];
  readonly reference: ClockReference;
}

/** Clocks of logs are put right by the capture that says most. */
async function readCaptures(
  paths: readonly string[],
  logs: readonly LogFact[],
  { log, progress }: Pick<Surroundings, "log" | "progress">,
): Promise<ReadCaptures> {
  const facts: TimedFact[] = [];
  let reference = noReference;
  let most = 0;
  for (const path of paths) {
    let captureId = "";
    const reader = openReader(path, { captureId: () => captureId, log });
    try {
      for (const capture of await reader.captures()) {
        if (capture.exchanges === 0) continue;
        captureId = capture.id;
        progress.show(`${path}: ${capture.exchanges} exchanges of ${capture.name}`);
        facts.push(...(await factsOfCapture(reader, capture)));
        if (logs.length === 0 || capture.exchanges <= most) continue;
        most = capture.exchanges;
        reference = await clockReference(reader, sessionsIn(logs));
      }
    } finally {
      await reader.close();
    }
  }
  return { facts, reference };
}

type View = ReturnType<typeof renderFinding>;

function asText(views: readonly View[]): string[] {
  if (views.length === 0) return ["Nothing was found."];
  return views.flatMap((view) => [...textOf(view), ""]).slice(0, -1);
}

function textOf(view: View): string[] {
  const { at, severity, side, cause, confidence } = view;
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    - ${line}`)];
  return [
    `${at}  ${severity.toUpperCase()}  ${view.title}`,
    `  ${cause}, side: ${side}, confidence ${Math.round(confidence * 100)} %`,
    `  ${view.explanation}`,
    ...list("Because", view.reasons),
    ...list(
      "Evidence",
      view.details.map(({ exchange, role, what }) => `${exchange} (${role}): ${what}`),
    ),
    ...list(
      "By the clock",
      view.consequences.map((one) => `${one.at} ${one.certainty}: ${one.what}`),
    ),
    ...list("What to do", view.advice),
    ...list("What would settle it", view.wouldSettle),
  ];
}
