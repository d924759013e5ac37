/** What people and foreign tools write: comments, and their words for a failure. */
import type { Redactor } from "./redactor.ts";

export const redactFreeText = (text: string, redactor: Redactor): string =>
  redactor.body({ text, contentType: "text/plain", path: "/", side: "request" }).text;
