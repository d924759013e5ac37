/** Keeps rules in a file of the data folder, readable by its owner alone: what they match can name agents. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { codeOf, reasonOf } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { FaultRule } from "../domain/fault-rule.ts";
import { readRule } from "../faults/read-rule.ts";

export interface SavedRules {
  readonly rules: readonly FaultRule[];
  /** Number of the next id, so that no id is ever given twice. */
  readonly next: number;
}

export interface RuleFile {
  load(): SavedRules;
  save(saved: SavedRules): void;
}

const nothing: SavedRules = { rules: [], next: 1 };

/** A file that can't be read is put aside, and told; so is a rule in it that is none. */
export function ruleFile(path: string, log: Log): RuleFile {
  return {
    load: () => {
      try {
        return savedFrom(JSON.parse(readFileSync(path, "utf8")), log);
      } catch (error) {
        if (codeOf(error) === "ENOENT") return nothing;
        log.warn("faults.unreadable", { path, why: reasonOf(error), keptAs: `${path}.unreadable` });
        renameSync(path, `${path}.unreadable`);
        return nothing;
      }
    },
    save: (saved) => {
      const temporary = `${path}.tmp`;
      try {
        writeFileSync(temporary, `${JSON.stringify(saved, null, 2)}\n`, { mode: 0o600 });
        renameSync(temporary, path);
      } catch (error) {
        // The rules go on working; they are gone after a restart.
        log.warn("faults.not-saved", { path, why: reasonOf(error) });
      }
    },
  };
}

function savedFrom(value: unknown, log: Log): SavedRules {
  const { rules, next } = value as { rules: unknown; next: unknown };
  if (!Array.isArray(rules)) throw new TypeError("it holds no list of rules");
  const read = rules.flatMap((one: unknown) => {
    const result = readRule(one, "");
    if (result.kind === "rule" && result.rule.id !== "") return [result.rule];
    const why = result.kind === "rule" ? "no id" : result.problems.join("; ");
    log.warn("faults.rule-skipped", { why });
    return [];
  });
  const highest = Math.max(0, ...read.map(({ id }) => numberIn(id)));
  return { rules: read, next: Math.max(typeof next === "number" ? next : 1, highest + 1) };
}

/** `r12` → 12; 0 for ids of another make. */
export const numberIn = (id: string): number => Number(/^r(\d{1,9})$/.exec(id)?.[1] ?? 0);
