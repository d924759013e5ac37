/** Reads the flags of one command: an allow-list, so that a typing mistake is told and never ignored. */
import { fail } from "../base/errors.ts";
import { nearest } from "../config.ts";

export interface FlagSpec {
  /** Flags that take a value. */
  readonly values: readonly string[];
  readonly switches: readonly string[];
}

export interface ReadFlags {
  readonly words: readonly string[];
  /** The last one given. */
  value(name: string): string | null;
  all(name: string): readonly string[];
  has(name: string): boolean;
  /** The values and switches that `spec` does not know, as they were: for whoever reads the rest. */
  readonly rest: readonly string[];
}

/** `others`: flags with a value that another reader knows (`--data-dir`, …). Throws "config-invalid". */
export function readFlags(
  argv: readonly string[],
  spec: FlagSpec,
  others: readonly string[] = [],
): ReadFlags {
  const values = new Map<string, string[]>();
  const switches = new Set<string>();
  const words: string[] = [];
  const rest: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? "";
    const [name = "", inline] = word.startsWith("--") ? splitAtEquals(word) : [word];
    if (!word.startsWith("--")) words.push(word);
    else if (spec.switches.includes(name)) switches.add(name);
    else if (!spec.values.includes(name) && !others.includes(name)) throw unknown(name, spec);
    else {
      const value = inline ?? argv[++at];
      if (value === undefined) throw fail("config-invalid", { problem: `${name} needs a value.` });
      if (others.includes(name)) rest.push(name, value);
      else values.set(name, [...(values.get(name) ?? []), value]);
    }
  }
  return {
    words,
    rest,
    value: (name) => values.get(name)?.at(-1) ?? null,
    all: (name) => values.get(name) ?? [],
    has: (name) => switches.has(name),
  };
}

function splitAtEquals(word: string): [string, string | undefined] {
  const at = word.indexOf("=");
  return at < 0 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

function unknown(name: string, { values, switches }: FlagSpec): Error {
  return fail("config-invalid", {
    problem: `There is no option ${name} here.`,
    remedy: `Did you mean ${nearest(name, [...values, ...switches])}? boshscope help lists all.`,
  });
}
