/** What requests about faults are checked against. Rules are read by src/faults, which says of every field what it must be. */
import { z } from "zod";
import { fail } from "../base/errors.ts";
import type { FaultRule } from "../domain/fault-rule.ts";
import { readRule } from "../faults/read-rule.ts";
import { named } from "./json-schema.ts";

export const sentencesQuery = z.strictObject({
  lang: z.enum(["en", "es"]).default("en").describe("Language of the sentences."),
});

export const ruleParams = z.strictObject({
  id: z
    .string()
    .regex(/^[\w.-]{1,40}$/, "must be a fault rule's id")
    .describe("The id of a fault rule."),
});

export const scenarioParams = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.-]{1,60}$/, "must be a scenario's name")
    .describe("The name of a scenario."),
});

/** Looser than what is accepted: `readFaultRule` has the last word, and the words. */
export const ruleBody = z.looseObject({}).meta({ allOf: [named("FaultRuleInput")] });
export const rulesBody = z
  .array(z.unknown().meta(named("FaultRuleInput")))
  .max(1000)
  .describe("As exported.");

const target = z.string().trim().min(1).max(255).optional();
export const runBody = z.strictObject({
  agent: target.describe("Login id."),
  host: target.describe("Host name of the Finesse node."),
});

export interface RuleAndArm {
  readonly rule: FaultRule;
  /** Left out = as it was. */
  readonly arm?: boolean;
}

/** Throws "request-invalid" with every objection, each as `field: what is wrong`. */
export function readFaultRule(input: unknown, place = ""): RuleAndArm {
  const { arm, rest } = withoutArm(input);
  const read = readRule(rest, "");
  const problems = read.kind === "refused" ? [...read.problems] : [];
  if (arm !== undefined && typeof arm !== "boolean") problems.push("arm: must be true or false");
  if (read.kind === "rule" && problems.length === 0)
    return { rule: read.rule, ...(typeof arm === "boolean" ? { arm } : {}) };
  const objections = problems.map((problem) => `${place}${problem}`).join("; ");
  throw fail("request-invalid", { problem: `Not accepted in the body: ${objections}.` });
}

export const readFaultRules = (input: readonly unknown[]): readonly FaultRule[] =>
  input.map((one, index) => readFaultRule(one, `rules.${index}.`).rule);

function withoutArm(input: unknown): { readonly arm: unknown; readonly rest: unknown } {
  if (typeof input !== "object" || input === null) return { arm: undefined, rest: input };
  const { arm, ...rest } = input as Record<string, unknown>;
  return { arm, rest };
}
