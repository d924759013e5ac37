/** `boshscope compare A B`: two captures, of any format, or two of their exchanges, side by side. */
import { existsSync, rmSync } from "node:fs";
import { fail } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import { temporaryFolder } from "../base/temporary-folder.ts";
import { importFile } from "../capture-folder.ts";
import { differs } from "../compare/pairs.ts";
import type { CaptureComparison, ExchangeComparison, Pair } from "../domain/comparison.ts";
import { formatOf } from "../interchange/open-file.ts";
import { compareTwoCaptures, compareTwoExchanges } from "../open-comparison.ts";
import { openReader } from "../store/open-reader.ts";
import { captureAt } from "./bring-in.ts";
import { type Command, jsonOption, keylogOption, passwordOption, textOption } from "./command.ts";
import { type ReadFlags, readFlags } from "./flags.ts";
import { keysOf, passwordOf } from "./given.ts";
import { isJson, type Surroundings } from "./surroundings.ts";

export const compareCommand = {
  name: "compare",
  words: "CAPTURE|DATA_DIR[#N] CAPTURE|DATA_DIR[#N]",
  about: "Lay two captures, or exchange N of each, side by side: healthy against sick.",
  options: [
    { flag: "--query", value: "FILTER", about: "Only these exchanges, in both captures." },
    { flag: "--left-query", value: "FILTER", about: "Only these of the first capture." },
    { flag: "--right-query", value: "FILTER", about: "Only these of the second capture." },
    { flag: "--all", about: "Also what is the same in both exchanges." },
    keylogOption,
    passwordOption,
    jsonOption,
    textOption,
  ],
  settings: [],
  examples: [
    "boshscope compare healthy.har sick.har",
    "boshscope compare a.boshscope#12 a.boshscope#40",
  ],
} as const satisfies Command;

const usage = "boshscope help compare tells more.";

type Flags = ReadFlags<(typeof compareCommand)["options"][number]["flag"]>;

interface Side {
  readonly reader: ReturnType<typeof openReader>;
  readonly capture: string;
  /** Number of an exchange; null = the whole capture. */
  readonly number: string | null;
  close(): Promise<void>;
}

/** What to print. */
export async function runCompare(
  argv: readonly string[],
  surroundings: Omit<Surroundings, "progress">,
): Promise<string> {
  const { env, log } = surroundings;
  const flags = readFlags(argv, compareCommand);
  const [one, other, ...more] = flags.words;
  if (one === undefined || other === undefined || more.length > 0)
    throw fail("config-invalid", { problem: "Two captures are compared.", remedy: usage });
  const keys = keysOf(flags, env);
  const password = passwordOf(flags, env);
  const folder = temporaryFolder("compare");
  const opened: Side[] = [];
  try {
    for (const word of [one, other])
      opened.push(await openSide(word, { folder, password, keys, log }));
    const [left, right] = opened as [Side, Side];
    return await compareSides(left, right, { flags, json: isJson(flags, surroundings) });
  } finally {
    for (const side of opened) await side.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compareSides(
  left: Side,
  right: Side,
  { flags, json }: { readonly flags: Flags; readonly json: boolean },
): Promise<string> {
  if (left.number === null && right.number === null) {
    const query = (name: "--left-query" | "--right-query"): string =>
      flags.value(name) ?? flags.value("--query") ?? "";
    const compared = await compareTwoCaptures(
      { ...left, query: query("--left-query") },
      { ...right, query: query("--right-query") },
    );
    return json ? JSON.stringify(compared) : captureLines(compared).join("\n");
  }
  if (left.number === null || right.number === null)
    throw fail("config-invalid", {
      problem: "An exchange is compared with an exchange, a capture with a capture.",
      remedy: usage,
    });
  const id = ({ capture, number }: Side): string => `${capture}-${number}`;
  const compared = await compareTwoExchanges([left.reader, id(left)], [right.reader, id(right)]);
  const lines = exchangeLines(compared, flags.has("--all"));
  return json ? JSON.stringify(compared) : lines.join("\n");
}

interface Opening {
  readonly folder: string;
  readonly password: string | null;
  /** Key log for packet captures. */
  readonly keys: string | null;
  readonly log: Log;
}

/** A capture of ours as it is; files of other tools as an import would read them, so that holds, gaps and sessions are known. */
async function openSide(word: string, { folder, password, keys, log }: Opening): Promise<Side> {
  const at = existsSync(word) ? -1 : word.lastIndexOf("#");
  const number =
    at < 0
      ? null
      : (word
          .slice(at + 1)
          .split("-")
          .at(-1) ?? "");
  const named = at < 0 ? word : word.slice(0, at);
  const path = captureAt(named);
  if ((await formatOf(path)) === "boshscope") return openOwn(path, number, log);
  const imported = await importFile(path, {
    folder,
    password,
    keys,
    keepSecrets: false,
    bodyLimit: Number.MAX_SAFE_INTEGER,
    onProgress: () => undefined,
  });
  const { captureId } = imported;
  const reader = openReader(imported.path, { captureId: () => captureId, log });
  return { reader, capture: captureId, number, close: () => reader.close() };
}

/** Of a file with several, the newest that has exchanges. */
async function openOwn(path: string, number: string | null, log: Log): Promise<Side> {
  let capture = "";
  const reader = openReader(path, { captureId: () => capture, log });
  const captures = await reader.captures();
  capture = (captures.find(({ exchanges }) => exchanges > 0) ?? captures[0])?.id ?? "";
  return { reader, capture, number, close: () => reader.close() };
}

const blank = "–";
const shown = (value: string | number | null, width = 0): string =>
  String(value ?? blank).padEnd(width);

function exchangeLines(compared: ExchangeComparison, all: boolean): readonly string[] {
  const parts: readonly (readonly [string, readonly Pair[]])[] = [
    ["Facts", compared.facts],
    ["Timing, ms after the request's first byte", compared.timing],
    ["Request headers", compared.requestHeaders],
    ["Response headers", compared.responseHeaders],
    ["Request XML", compared.requestXml],
    ["Response XML", compared.responseXml],
  ];
  return parts.flatMap(([title, pairs]) => pairLines(title, all ? pairs : pairs.filter(differs)));
}

function pairLines(title: string, pairs: readonly Pair[]): readonly string[] {
  if (pairs.length === 0) return [];
  return [
    title,
    ...pairs.flatMap(({ name, left, right }) =>
      left === right
        ? [`  = ${name}: ${shown(left)}`]
        : [`  ${name}`, `    < ${shown(left)}`, `    > ${shown(right)}`],
    ),
  ];
}

function captureLines(compared: CaptureComparison): readonly string[] {
  const { left, right, figures, outcomes, kinds } = compared;
  const side = (mark: string, { name, exchanges, from, to, isCut }: typeof left): string =>
    `${mark} ${name}: ${exchanges} exchanges${isCut ? " (and more, not read)" : ""}, ${from ?? blank} to ${to ?? blank}`;
  const figure = (value: number | null): string =>
    value === null ? blank : String(Math.round(value * 10) / 10);
  return [
    side("<", left),
    side(">", right),
    "",
    ...figures.map(
      ({ name, left: one, right: other, sick }) =>
        `${name.padEnd(22)} ${figure(one).padStart(10)} ${figure(other).padStart(10)}${sick === null ? "" : `  ${sick === "left" ? "<" : ">"} stands out`}`,
    ),
    "",
    ...outcomes.map(
      ({ name, left: one, right: other }) =>
        `outcome ${name.padEnd(14)} ${String(one).padStart(10)} ${String(other).padStart(10)}`,
    ),
    ...kinds.flatMap((kind) => [
      "",
      `First ${kind.kind} of each (#${numberOf(kind.left)}, #${numberOf(kind.right)})`,
      ...pairLines("  Request headers", kind.requestHeaders),
      ...pairLines("  Response headers", kind.responseHeaders),
      ...pairLines("  Response XML", kind.responseXml),
    ]),
  ];
}

const numberOf = (id: string): string => id.slice(id.lastIndexOf("-") + 1);
