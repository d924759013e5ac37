/** The fields of a rule's match as a form shows them. Left empty = not asked for. */
import type { FaultMatch } from "../../src/domain/fault-rule.ts";
import { numberOf } from "./rule-fields.ts";

export const matchFields = [
  { name: "kind", form: "kind" },
  { name: "agent", form: "text" },
  { name: "host", form: "text" },
  { name: "port", form: "number" },
  { name: "method", form: "text" },
  { name: "path", form: "text" },
  { name: "sid", form: "text" },
  { name: "event", form: "text" },
  { name: "state", form: "text" },
  { name: "afterRid", form: "number" },
  { name: "nth", form: "number" },
  { name: "everyNth", form: "number" },
  { name: "probability", form: "number" },
  { name: "fromMs", form: "number" },
  { name: "untilMs", form: "number" },
] as const;

export type MatchField = (typeof matchFields)[number];

export function matchText(match: FaultMatch, { name }: MatchField): string {
  if (name === "fromMs") return match.window === undefined ? "" : String(match.window.fromMs);
  if (name === "untilMs") return String(match.window?.untilMs ?? "");
  return String(match[name] ?? "");
}

/** The match with what the form's text says; an empty text takes the field away. */
export function withMatch(match: FaultMatch, field: MatchField, text: string): FaultMatch {
  const { name, form } = field;
  if (name === "fromMs" || name === "untilMs") return withWindow(match, name, text);
  const rest = Object.fromEntries(Object.entries(match).filter(([key]) => key !== name));
  if (text.trim() === "") return rest;
  return { ...rest, [name]: form === "number" ? numberOf(text) : text.trim() };
}

function withWindow(match: FaultMatch, name: "fromMs" | "untilMs", text: string): FaultMatch {
  const { window: known, ...rest } = match;
  const value = text.trim() === "" ? null : numberOf(text);
  const fromMs = name === "fromMs" ? value : (known?.fromMs ?? null);
  const untilMs = name === "untilMs" ? value : (known?.untilMs ?? null);
  if ((fromMs === null || fromMs === 0) && untilMs === null) return rest;
  return { ...rest, window: { fromMs: fromMs ?? 0, untilMs } };
}
