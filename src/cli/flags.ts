/** Reads the flags of one command: an allow-list, so that a typing mistake is told and never ignored. */
import { fail } from "../base/errors.ts";
import { describeSettings, nearest } from "../config.ts";
import type { Command, Option } from "./command.ts";

export interface ReadFlags<Flag extends string = string> {
  readonly words: readonly string[];
  /** The last one given. */
  value(name: Flag): string | null;
  /** All that were given, for an option that may be repeated. */
  all(name: Flag): readonly string[];
  has(name: Flag): boolean;
  /** The settings among them, as they were written: for `readConfig`. */
  readonly rest: readonly string[];
}

/** A setting, or the file of settings. */
type Setting = Pick<Option, "flag" | "value">;

const configFile: Setting = { flag: "--config", value: "FILE" };

/** Settings that a command takes, `--no-…` forms and `--config` with them. */
function settingsOf({ settings }: Command): readonly Setting[] {
  if (settings !== "all" && settings.length === 0) return [];
  const taken = describeSettings().filter(
    ({ flag }) => settings === "all" || settings.includes(flag),
  );
  const negated = taken
    .filter(({ value }) => value === undefined)
    .map(({ flag }): Setting => ({ flag: `--no-${flag.slice(2)}` }));
  return [...taken, ...negated, configFile];
}

type FlagOf<C extends Command> = C["options"][number]["flag"];

/** Throws "config-invalid". */
export function readFlags<const C extends Command>(
  argv: readonly string[],
  command: C,
): ReadFlags<FlagOf<C>> {
  const settings = settingsOf(command);
  const values = new Map<string, string[]>();
  const words: string[] = [];
  const rest: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const [name, inline] = splitFlag(argv[at] ?? "");
    const own = command.options.find(({ flag, short }) => flag === name || short === name);
    const found = own ?? settings.find(({ flag }) => flag === name);
    if (found === undefined) {
      if (name.startsWith("-") && name !== "-") throw unknown(name, command, settings);
      if (words.push(name) > mostWords(command)) throw surplus(name, command);
      continue;
    }
    const value = inline ?? (found.value === undefined ? null : valueAfter(argv, ++at, command));
    if (own === undefined) rest.push(name, ...(value === null ? [] : [value]));
    else values.set(own.flag, [...(values.get(own.flag) ?? []), checked(own, value)]);
  }
  return {
    words,
    rest,
    value: (name) => values.get(name)?.at(-1) ?? null,
    all: (name) => values.get(name) ?? [],
    has: (name) => values.has(name),
  };
}

/** The value, when it is one of a list, typed as such. */
export function choiceOf<Word extends string>(
  given: string | null,
  words: readonly Word[],
): Word | null {
  return words.find((word) => word === given) ?? null;
}

function valueAfter(argv: readonly string[], at: number, { name }: Command): string {
  const value = argv[at];
  const flag = argv[at - 1];
  if (value !== undefined && !value.startsWith("--")) return value;
  const odd =
    value === undefined ? "" : ` A value that begins with -- is given as ${flag}=${value}.`;
  throw fail("config-invalid", {
    problem: `${flag} needs a value.`,
    remedy: `boshscope help ${name} tells which.${odd}`,
  });
}

/** As its usage line has it: the longest of the alternatives; options in it are none. */
function mostWords({ words }: Command): number {
  if (words.includes("…")) return Number.POSITIVE_INFINITY;
  const plain = words.replaceAll(/--\S+ \S+/g, "");
  const counts = plain.split(" | ").map((one) => one.split(" ").filter(Boolean).length);
  return Math.max(...counts);
}

function surplus(word: string, { name, words }: Command) {
  const remedy = `The usage is: boshscope ${name} ${words}`.trimEnd();
  return fail("config-invalid", {
    problem: `${name} does not know what to do with "${word}".`,
    remedy: `${remedy} [options]. With npm, options come after --: npm start -- --finesse HOST.`,
  });
}

/** A switch that was given has the value "". */
function checked({ flag, choices, value: name }: Option, value: string | null): string {
  if (name === undefined && value !== null)
    throw fail("config-invalid", { problem: `${flag} is a switch and takes no value.` });
  if (value !== null && choices !== undefined && !choices.includes(value))
    throw fail("config-invalid", {
      problem: `${flag} is ${choices.join(" or ")}, not "${value}".`,
      remedy: `Did you mean ${nearest(value, choices)}?`,
    });
  return value ?? "";
}

/** `--name=value` in its parts; any other word is whole. */
function splitFlag(word: string): readonly [name: string, value: string | null] {
  const at = word.startsWith("--") ? word.indexOf("=") : -1;
  return at < 0 ? [word, null] : [word.slice(0, at), word.slice(at + 1)];
}

function unknown(name: string, { options, name: command }: Command, settings: readonly Setting[]) {
  const known = [...options, ...settings].map(({ flag }) => flag);
  const hint = known.length === 0 ? "" : `Did you mean ${nearest(name, known)}? `;
  return fail("config-invalid", {
    problem: `There is no option ${name} of ${command}.`,
    remedy: `${hint}boshscope help ${command} lists all.`,
  });
}
