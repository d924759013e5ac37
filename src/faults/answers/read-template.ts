/** Reads an answer template of unknown JSON. */
import type { AnswerTemplate } from "../../domain/fault-rule.ts";
import type { Fields } from "../fields.ts";

const kinds = [
  "invalid-sid",
  "empty",
  "terminate",
  "conflict",
  "out-of-service",
  "system-info",
  "invalid-character",
  "oversized",
  "custom",
  "recorded",
] as const satisfies readonly AnswerTemplate["kind"][];

/** Conditions of XEP-0124 17.2 and of Openfire: a lower-case word with dashes. */
const condition = /^[a-z][a-z-]{1,60}$/;
const maxBytes = 64 * 1024 * 1024;

export function readTemplate(fields: Fields): AnswerTemplate {
  const template = templateOf(fields.choice("kind", kinds), fields);
  fields.end();
  return template;
}

function templateOf(kind: (typeof kinds)[number], fields: Fields): AnswerTemplate {
  switch (kind) {
    case "empty":
      return {
        kind,
        form: fields.has("form") ? fields.choice("form", ["finesse", "openfire"]) : "finesse",
      };
    case "terminate":
      return { kind, condition: readCondition(fields) };
    case "system-info":
      return { kind, status: fields.text("status", { max: 60 }) };
    case "oversized":
      return { kind, bytes: fields.number("bytes", { min: 1, max: maxBytes, unit: "bytes" }) };
    case "recorded":
      return { kind, exchange: fields.text("exchange", { max: 200 }) };
    case "custom":
      return readCustom(fields);
    case "invalid-sid":
    case "conflict":
    case "out-of-service":
    case "invalid-character":
      return { kind };
  }
}

function readCondition(fields: Fields): string | null {
  if (!fields.has("condition")) return null;
  const value = fields.textOrNull("condition", { max: 60 });
  if (value !== null && value !== "" && !condition.test(value))
    fields.refuse("condition", value, 'a condition such as "item-not-found"');
  return value;
}

function readCustom(fields: Fields): AnswerTemplate {
  const headers = fields.has("headers") ? fields.pairs("headers") : [];
  for (const [name, value] of headers)
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[\r\n]/.test(value))
      fields.refuse("headers", name, "headers with a name and a value in one line");
  const reason = fields.has("reason") ? fields.text("reason", { min: 0, max: 200 }) : "";
  if (/[\r\n]/.test(reason)) fields.refuse("reason", reason, "in one line");
  return {
    kind: "custom",
    status: fields.number("status", { min: 100, max: 999 }),
    reason,
    headers,
    body: fields.has("body") ? fields.text("body", { min: 0, max: 5_000_000 }) : "",
  };
}
