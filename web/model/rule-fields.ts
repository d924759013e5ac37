/** The fields of a fault rule's actions as a form shows them, and how a field's text becomes part of the action. */
import type { AnswerTemplate, FaultAction } from "../../src/domain/fault-rule.ts";

export type FieldForm =
  | "number"
  /** Empty = null. */
  | "optional-number"
  | "text"
  /** Empty = null. */
  | "optional-text"
  | "leg"
  | "ending"
  | "refusal"
  | "body-form"
  | "counting"
  | "headers"
  | "names"
  | "replacements"
  | "paths"
  | "long-text"
  | "template";

export type FieldName =
  | "leg"
  | "how"
  | "counts"
  | "ms"
  | "jitterMs"
  | "ageMs"
  | "afterBytes"
  | "bytesPerSecond"
  | "setHeaders"
  | "removeHeaders"
  | "replace"
  | "setPaths"
  | "template"
  | "condition"
  | "status"
  | "bytes"
  | "reason"
  | "headers"
  | "body"
  | "exchange"
  | "form";

export interface Field {
  readonly name: FieldName;
  readonly form: FieldForm;
}

const field = (name: FieldName, form: FieldForm): Field => ({ name, form });
const leg = field("leg", "leg");

export const actionFields: Readonly<Record<FaultAction["kind"], readonly Field[]>> = {
  delay: [leg, field("ms", "number"), field("jitterMs", "number")],
  "delay-until": [field("ageMs", "number")],
  hold: [leg],
  drop: [leg, field("how", "ending")],
  cut: [leg, field("afterBytes", "number"), field("how", "ending")],
  throttle: [leg, field("bytesPerSecond", "number")],
  answer: [field("template", "template")],
  alter: [
    leg,
    field("setHeaders", "headers"),
    field("removeHeaders", "names"),
    field("replace", "replacements"),
    field("setPaths", "paths"),
  ],
  duplicate: [leg],
  reorder: [],
  "refuse-connect": [field("how", "refusal")],
  "break-tls": [leg],
  forget: [field("ms", "number"), field("counts", "counting"), field("how", "refusal")],
  "pause-polls": [field("ms", "optional-number")],
};

export const templateFields: Readonly<Record<AnswerTemplate["kind"], readonly Field[]>> = {
  "invalid-sid": [],
  empty: [field("form", "body-form")],
  terminate: [field("condition", "optional-text")],
  conflict: [],
  "out-of-service": [],
  "system-info": [field("status", "text")],
  "invalid-character": [],
  oversized: [field("bytes", "number")],
  custom: [
    field("status", "number"),
    field("reason", "text"),
    field("headers", "headers"),
    field("body", "long-text"),
  ],
  recorded: [field("exchange", "text")],
};

/** As a form begins with. */
export const newAction: Readonly<Record<FaultAction["kind"], FaultAction>> = {
  delay: { kind: "delay", leg: "response", ms: 5000, jitterMs: 0 },
  "delay-until": { kind: "delay-until", ageMs: 36_000 },
  hold: { kind: "hold", leg: "response" },
  drop: { kind: "drop", leg: "response", how: "reset" },
  cut: { kind: "cut", leg: "response", afterBytes: 100, how: "fin" },
  throttle: { kind: "throttle", leg: "response", bytesPerSecond: 1000 },
  answer: { kind: "answer", template: { kind: "invalid-sid" } },
  alter: {
    kind: "alter",
    leg: "response",
    setHeaders: [],
    removeHeaders: [],
    replace: [],
    setPaths: [],
  },
  duplicate: { kind: "duplicate", leg: "response" },
  reorder: { kind: "reorder" },
  "refuse-connect": { kind: "refuse-connect", how: "reset" },
  "break-tls": { kind: "break-tls", leg: "response" },
  forget: { kind: "forget", ms: 25_000, counts: "idle", how: "silence" },
  "pause-polls": { kind: "pause-polls", ms: 75_000 },
};

export const newTemplate: Readonly<Record<AnswerTemplate["kind"], AnswerTemplate>> = {
  "invalid-sid": { kind: "invalid-sid" },
  empty: { kind: "empty", form: "finesse" },
  terminate: { kind: "terminate", condition: "item-not-found" },
  conflict: { kind: "conflict" },
  "out-of-service": { kind: "out-of-service" },
  "system-info": { kind: "system-info", status: "OUT_OF_SERVICE" },
  "invalid-character": { kind: "invalid-character" },
  oversized: { kind: "oversized", bytes: 2_000_000 },
  custom: { kind: "custom", status: 500, reason: "Internal Server Error", headers: [], body: "" },
  recorded: { kind: "recorded", exchange: "" },
};

type Part = FaultAction | AnswerTemplate;

/** The field's value as the form's text. */
export function fieldText(part: Part, { name, form }: Field): string {
  const value: unknown = Object.entries(part).find(([key]) => key === name)?.[1];
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (!Array.isArray(value)) return "";
  return value.map((item: unknown) => lineOf(item, form)).join("\n");
}

function lineOf(item: unknown, form: FieldForm): string {
  if (typeof item === "string") return item;
  const parts = Array.isArray(item) ? item : Object.values(item as object);
  return parts.join(separators[form] ?? " ");
}

const separators: Partial<Record<FieldForm, string>> = {
  headers: ": ",
  replacements: " => ",
  paths: " = ",
};

/** The part with what the form's text says. A number that is none becomes NaN, which the server refuses with its reason. */
export function withField<Whole extends Part>(part: Whole, field: Field, text: string): Whole {
  return { ...part, [field.name]: valueOf(field.form, text) };
}

function valueOf(form: FieldForm, text: string): unknown {
  if (form.startsWith("optional-") && text.trim() === "") return null;
  const read = form === "optional-number" ? numberOf : readers[form];
  return read === undefined ? text : read(text);
}

/** Forms that are not here are text as it stands. */
const readers: Partial<Record<FieldForm, (text: string) => unknown>> = {
  number: numberOf,
  names: linesOf,
  headers: (text) => linesOf(text).map((line) => split(line, ":")),
  replacements: (text) =>
    linesOf(text).map((line) => {
      const [from, by] = split(line, "=>");
      return { text: from, by };
    }),
  paths: (text) =>
    linesOf(text).map((line) => {
      const [path, inner] = split(line, "=");
      return { path, text: inner };
    }),
};

export function numberOf(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text.trim());
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function split(line: string, separator: string): [string, string] {
  const at = line.indexOf(separator);
  if (at < 0) return [line, ""];
  return [line.slice(0, at).trim(), line.slice(at + separator.length).trim()];
}
