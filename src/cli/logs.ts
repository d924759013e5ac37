/** `boshscope logs FILE…`: what logs of a server and its desktops say, put on one clock. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { fail } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { clockReference, sessionsIn } from "../clock-reference.ts";
import type { Alignment } from "../domain/log-report.ts";
import { type LoadedLogs, loadLogs } from "../load-logs.ts";
import { alignLogs, type ClockReference, noReference, placeFacts } from "../logs/align.ts";
import type { LogFact } from "../logs/log-fact.ts";
import { openReader } from "../store/open-reader.ts";
import { nothingRead } from "./analyze-inputs.ts";
import { captureAt } from "./bring-in.ts";
import { type Command, jsonOption, textOption } from "./command.ts";
import { readFlags } from "./flags.ts";
import { isJson, type Surroundings } from "./surroundings.ts";

export const logsCommand = {
  name: "logs",
  words: "FILE…",
  about: "Say what logs of a server and its desktops tell, put on one clock.",
  more: [
    "Openfire's logs, Desktop-webservices and client logs; plain, gz, tar, tar.gz, zip, and these within each other.",
  ],
  options: [
    {
      flag: "--join",
      value: "DATA_DIR|FILE",
      about: "Lay them beside a capture, by the sessions that both saw.",
    },
    { flag: "--all", about: "All lines that were understood, not the first 200." },
    jsonOption,
    textOption,
  ],
  settings: [],
  examples: ["boshscope logs rtmt.zip --join case.boshscope"],
} as const satisfies Command;

const usage = "boshscope help logs tells more.";
/** Lines shown unless all are asked for. */
const shown = 200;

/** What to print. A file that can't be read is told, and the others are read; throws when none could be. */
export async function runLogs(
  argv: readonly string[],
  surroundings: Omit<Surroundings, "env">,
): Promise<string> {
  const flags = readFlags(argv, logsCommand);
  const { log, progress } = surroundings;
  if (flags.words.length === 0)
    throw fail("config-invalid", { problem: "No file was named.", remedy: usage });
  progress.show(`reading ${flags.words.length} files`);
  const loaded = await loadLogs(flags.words.map((path) => ({ path, name: basename(path) })));
  const unread = loaded.inputs.flatMap(({ name, unread: why }) =>
    why === null ? [] : [{ file: name, why }],
  );
  if (unread.length === flags.words.length) throw nothingRead(unread);
  const join = flags.value("--join");
  const reference = join === null ? noReference : await referenceOf(join, loaded.facts, log);
  const alignments = alignLogs(loaded.facts, reference);
  const facts = placeFacts(loaded.facts, alignments).toSorted(byTime);
  progress.clear();
  if (isJson(flags, surroundings)) {
    const { files, skipped, leftOut } = loaded;
    return JSON.stringify({ files, skipped, leftOut, alignments, facts });
  }
  return asText(loaded, alignments, facts, flags.has("--all") ? facts.length : shown);
}

async function referenceOf(
  place: string,
  facts: readonly LogFact[],
  log: Log,
): Promise<ClockReference> {
  const path = captureAt(place);
  if (!existsSync(path))
    throw fail("file-unreadable", { path, why: "there is no capture", remedy: usage });
  let captureId = "";
  const reader = openReader(path, { captureId: () => captureId, log });
  try {
    const captures = await reader.captures();
    // The one that says most; a start without traffic leaves an empty one behind.
    const fullest = captures.toSorted((a, b) => b.exchanges - a.exchanges)[0];
    if (fullest === undefined) return noReference;
    captureId = fullest.id;
    return await clockReference(reader, sessionsIn(facts));
  } finally {
    await reader.close();
  }
}

/** Those that can't be placed come last, as their file has them. */
const byTime = (a: LogFact, b: LogFact): number =>
  (a.at ?? Number.POSITIVE_INFINITY) < (b.at ?? Number.POSITIVE_INFINITY)
    ? -1
    : (a.at ?? Number.POSITIVE_INFINITY) > (b.at ?? Number.POSITIVE_INFINITY)
      ? 1
      : 0;

function asText(
  loaded: LoadedLogs,
  alignments: readonly Alignment[],
  facts: readonly LogFact[],
  most: number,
): string {
  const told = facts.filter(({ kind }) => kind !== "other");
  const rest = told.length - Math.min(most, told.length);
  return [
    ...loaded.files.map(fileLine),
    ...loaded.skipped.map(({ file, why }) => `${file}: not read: ${why}`),
    ...(loaded.leftOut > 0 ? [`${loaded.leftOut} lines beyond the bound were not kept.`] : []),
    "",
    ...alignments.map(alignmentLine),
    "",
    ...told.slice(0, most).map(factLine),
    ...(rest > 0 ? [`… and ${rest} more (--all shows them).`] : []),
  ].join("\n");
}

const fileLine = (file: LoadedLogs["files"][number]): string =>
  [
    `${file.file}: ${file.source ?? "no log that is known"}, ${file.lines} lines,`,
    `${file.facts} read, ${file.other} other messages, ${file.continued} continued, ${file.unknown} unknown`,
    ...(file.cutLines > 0 ? [`, ${file.cutLines} cut`] : []),
  ].join(" ");

const methods: Readonly<Record<Alignment["how"], string>> = {
  "own-zone": "by its own time zone",
  "webservices-zone": "by the zone of Desktop-webservices",
  "client-log-zone": "by the server's zone in a client log",
  "systeminfo-zone": "by SystemInfo's zone",
  matched: "by what both wrote down",
  drift: "by the drift that the desktop measured",
  assumed: "taken as right: nothing is known of its clock",
  none: "its time zone is not known: add Desktop-webservices or a client log, or --join a capture",
};

function alignmentLine({ file, offsetMs, how, uncertaintyMs, matches }: Alignment): string {
  const by = offsetMs === null ? "not placed" : `${offsetMs >= 0 ? "+" : ""}${offsetMs} ms`;
  const within = uncertaintyMs === null ? "" : `, within ${uncertaintyMs} ms`;
  const agreed = matches > 0 ? `, ${matches} agree` : "";
  return `Clock of ${file}: ${by}, ${methods[how]}${within}${agreed}`;
}

function factLine({ at, local, source, kind, agent, sid, values, file, line }: LogFact): string {
  const time = at === null ? `${new Date(local).toISOString().slice(0, -1)}?` : iso(at);
  const who = [
    ...(agent === null ? [] : [`agent ${agent}`]),
    ...(sid === null ? [] : [`sid ${sid}`]),
  ];
  const what = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  return [time, source.padEnd(11), kind.padEnd(18), ...who, ...what, `(${file}:${line})`].join(" ");
}

const iso = (at: number): string => new Date(at).toISOString();
