/** `boshscope analyze`: reads captures and logs as one observation, and says who broke what. */
import { basename } from "node:path";
import { BoshscopeError, fail } from "../base/errors.ts";
import { clockReference, sessionsIn } from "../clock-reference.ts";
import { replay } from "../diagnose/replay.ts";
import { renderFinding } from "../diagnose/words/render.ts";
import type { LogFact } from "../domain/log-fact.ts";
import { alignLogs, type ClockReference, noReference, placeFacts } from "../logs/align.ts";
import { factsOfCapture, logFactAt, type TimedFact } from "../replay-capture.ts";
import { openReader } from "../store/open-reader.ts";
import { nothingRead, type OwnCapture, readInputs, type Unread } from "./analyze-inputs.ts";
import { openAside } from "./bring-in.ts";
import {
  type Command,
  jsonOption,
  keylogOption,
  languageOption,
  passwordOption,
  textOption,
} from "./command.ts";
import { choiceOf, readFlags } from "./flags.ts";
import { keysOf, passwordOf } from "./given.ts";
import { isJson, type Surroundings } from "./surroundings.ts";

export const analyzeCommand = {
  name: "analyze",
  words: "CAPTURE|DATA_DIR|LOG…",
  about: "Say who broke what, from captures and logs, without a running program.",
  more: [
    "Capture files and logs given together count as one observation; logs alone give a verdict too. Which is which is told by what is in them, not by their names.",
    "Exit code: 0 nothing found, 1 a warning, 2 a near miss, 3 a disconnect; 64 wrong usage, or nothing was found and a file could not be read or nothing of it was understood; 70 something inside failed.",
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
  /** 0 nothing found, 1 warnings, 2 a near miss, 3 a disconnect, 64 nothing found and not all was read. */
  readonly exitCode: number;
}

const severities = ["warning", "near-miss", "disconnect"] as const;
const [notRead, innerFailure] = [64, 70];

/** The exit code of a failure: none of those that a verdict has. */
export const analyzeFailureCode = (error: unknown): number =>
  error instanceof BoshscopeError && error.code !== "internal" ? notRead : innerFailure;

/** What could be read counts; throws when nothing could. */
export async function runAnalyze(
  argv: readonly string[],
  surroundings: Surroundings,
): Promise<Analysis> {
  const flags = readFlags(argv, analyzeCommand);
  const { env, log, progress } = surroundings;
  if (flags.words.length === 0)
    throw fail("config-invalid", { problem: "No capture and no log was named.", remedy: usage });
  const language = choiceOf(flags.value("--lang"), ["en", "es"]) ?? "en";
  const scale = scaleOf(flags.value("--time-scale"));
  progress.show(`reading ${flags.words.length} files`);
  using aside = openAside("analyze");
  const given = { keys: keysOf(flags, env), password: passwordOf(flags, env) };
  const { captures, logs, ...input } = await readInputs(flags.words, aside, given);
  const read = await readCaptures(captures, logs.facts, { log, progress });
  const unread = [...input.unread, ...read.unread];
  if (unread.length === flags.words.length) throw nothingRead(unread);
  const placed = placeFacts(logs.facts, alignLogs(logs.facts, read.reference));
  const findings = replay([...read.facts, ...placed.map(logFactAt)], scale);
  const views = findings.map((finding) => renderFinding(finding, language));
  const worst = Math.max(0, ...findings.map(({ severity }) => severities.indexOf(severity) + 1));
  progress.clear();
  const skipped = [...unread.map(toldOf), ...partsSkipped(logs.skipped, unread)];
  const text = isJson(flags, surroundings)
    ? JSON.stringify({ findings: views, skipped })
    : [...skipped.map(skippedLine), ...asText(views)].join("\n");
  return { text, exitCode: worst === 0 && unread.length > 0 ? notRead : worst };
}

interface Skipped {
  readonly file: string;
  readonly why: string;
  readonly remedy?: string;
}

const toldOf = ({ file, why: { message, remedy } }: Unread): Skipped => ({
  file,
  why: message,
  remedy,
});

/** Files within archives; what is not read at all is told with its remedy. */
const partsSkipped = (skipped: readonly Skipped[], unread: readonly Unread[]): readonly Skipped[] =>
  skipped.filter(({ file }) => !unread.some((one) => basename(one.file) === file));

const skippedLine = ({ file, why, remedy }: Skipped): string =>
  `${file}: not read: ${why}${remedy === undefined ? "" : ` ${remedy}`}`;

function scaleOf(word: string | null): number {
  const scale = Number(word ?? 1);
  if (scale > 0 && scale <= 2000) return scale;
  throw fail("config-invalid", {
    problem: `--time-scale ${word} is not a number from 0 to 2000.`,
    remedy: usage,
  });
}

interface ReadCaptures {
  readonly facts: readonly TimedFact[];
  readonly reference: ClockReference;
  readonly unread: readonly Unread[];
}

/** Clocks of logs are put right by the capture that says most. */
async function readCaptures(
  captures: readonly OwnCapture[],
  logs: readonly LogFact[],
  around: Pick<Surroundings, "log" | "progress">,
): Promise<ReadCaptures> {
  const facts: TimedFact[] = [];
  const unread: Unread[] = [];
  let fullest: Fullest = { exchanges: 0, reference: noReference };
  for (const capture of captures) {
    try {
      fullest = await readCapture(capture, { facts, logs, fullest, ...around });
    } catch (error) {
      if (!(error instanceof BoshscopeError) || error.code === "internal") throw error;
      unread.push({ file: capture.file, why: error });
    }
  }
  return { facts, unread, reference: fullest.reference };
}

interface Fullest {
  readonly exchanges: number;
  readonly reference: ClockReference;
}

interface Reading extends Pick<Surroundings, "log" | "progress"> {
  /** Gets what is read. */
  readonly facts: TimedFact[];
  readonly logs: readonly LogFact[];
  readonly fullest: Fullest;
}

async function readCapture(
  { file, path }: OwnCapture,
  { facts, logs, log, progress, ...so }: Reading,
): Promise<Fullest> {
  let { fullest } = so;
  let captureId = "";
  const reader = openReader(path, { captureId: () => captureId, log });
  try {
    const full = (await reader.captures()).filter(({ exchanges }) => exchanges > 0);
    if (full.length === 0)
      throw fail("file-unreadable", { path: file, why: "no exchange is in it" });
    for (const capture of full) {
      captureId = capture.id;
      progress.show(`${file}: ${capture.exchanges} exchanges of ${capture.name}`);
      facts.push(...(await factsOfCapture(reader, capture)));
      if (logs.length === 0 || capture.exchanges <= fullest.exchanges) continue;
      const reference = await clockReference(reader, sessionsIn(logs));
      fullest = { exchanges: capture.exchanges, reference };
    }
    return fullest;
  } finally {
    await reader.close();
  }
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
