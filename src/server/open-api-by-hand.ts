/** The shapes of what a person does to single messages, as JSON Schema. */
import type { HeldMessage } from "../domain/fault-rule.ts";
import { every, fields, type JsonSchema, list, oneOf, text, texts, time } from "./json-schema.ts";
import type { HeldList, ReplayAnswer } from "./messages.ts";

const held: Readonly<Record<keyof HeldMessage, JsonSchema>> = {
  id: text,
  rule: text,
  exchange: text,
  leg: oneOf("request", "response"),
  since: time,
  head: text,
  body: text,
};

export const byHandSchemas = {
  HeldList: every<HeldList>({ held: list(fields(held)) }),
  ReplayAnswer: every<ReplayAnswer>({ exchanges: texts }),
} as const;
