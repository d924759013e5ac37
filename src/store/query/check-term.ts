/** Whether a term means something: its key exists, the operator fits, the value can be read. Pure. */
import { type Field, fields, operatorsOf } from "./fields.ts";
import { nearest } from "./nearest.ts";
import type { Operator } from "./query.ts";
import { examples, readSpan } from "./values.ts";

/** Why there is no such key, in words; null = there is. */
export function keyProblem(key: string): string | null {
  if (Object.hasOwn(fields, key)) return null;
  const near = nearest(key, Object.keys(fields));
  const meant = near === null ? "" : `; did you mean ${near}?`;
  return `there is no key "${key}"${meant} (put it in quotes to search for it as text)`;
}

/** Why the operator or the value does not fit that key, in words; null = both do. */
export function termProblem(key: string, operator: Operator, value: string): string | null {
  const field = fields[key];
  if (field === undefined) return keyProblem(key);
  const operators = operatorsOf[field.kind];
  if (!operators.includes(operator)) {
    return `"${key}" is not compared with ${operator}, but with ${operators.join(" ")}`;
  }
  if (value === "" && !((operator === "=" || operator === "!=") && field.kind === "text")) {
    return `"${key}" needs a value`;
  }
  return valueProblem(field, operator, value);
}

function valueProblem(field: Field, operator: Operator, value: string): string | null {
  if (field.kind === "flag") return flagProblem(field.flags, value);
  if (field.kind !== "number") return null;
  if (value === "-" && field.absent !== undefined && !/[<>]/.test(operator)) return null;
  const span = readSpan(value, operator, field.unit);
  return span === null ? `"${value}" is not ${examples[field.unit]}` : null;
}

function flagProblem(flags: Readonly<Record<string, string>>, value: string): string | null {
  if (Object.hasOwn(flags, value.toLowerCase())) return null;
  const near = nearest(value, Object.keys(flags));
  const meant = near === null ? "" : `; did you mean is:${near}?`;
  return `there is no is:${value}${meant} (there are ${Object.keys(flags).join(", ")})`;
}
