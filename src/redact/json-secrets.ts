/** Secrets in JSON: values under a secret's key, and whatever hides in other strings (a key may be a URL with its query). */
import { redactNamed } from "./credentials.ts";
import type { Edit } from "./edits.ts";
import { applyEdits } from "./edits.ts";
import type { JsonString } from "./json-scan.ts";
import { scanJson } from "./json-scan.ts";
import type { Redacted, Scrub } from "./scrub.ts";
import { beforeRest, unreadableRest } from "./scrub.ts";
import { isSecretName } from "./secret-names.ts";

/** The JSON with its secrets replaced, or null when it can't be read. One cut short is read as far as it goes, if accepted. */
export function redactJson(text: string, scrub: Scrub, acceptCut: boolean): Redacted {
  const found: JsonString[] = [];
  const source = beforeRest(text);
  const scan = scanJson(source, (value) => found.push(value));
  if (scan === null || (scan.cutAt !== null && !acceptCut)) return null;
  const edits = editsFor(found, scrub);
  const { cutAt } = scan;
  if (cutAt !== null && cutAt < source.length) {
    edits.push({ start: cutAt, end: source.length, text: unreadableRest });
  }
  return applyEdits(source, edits) + text.slice(source.length);
}

function editsFor(found: readonly JsonString[], scrub: Scrub): Edit[] {
  const edits: Edit[] = [];
  let named = false;
  for (const value of found) {
    const secret = value.role !== "key" && (isSecret(value) || (named && value.key === "value"));
    const redacted = secret
      ? redactNamed(value.key, value.text, scrub)
      : value.role === "number"
        ? value.text
        : scrub.nested(value.text);
    // `{"name": "password", "value": "…"}`
    if (value.role === "string") named = nameKeys.has(value.key) && isSecretName(value.text);
    if (redacted !== value.text) edits.push(editOf(value, redacted));
  }
  return edits;
}

const nameKeys = new Set(["name", "key", "id"]);
const valueKeys = new Set(["value", "raw", "content", "data", "text"]);

function isSecret(value: JsonString): boolean {
  return isSecretName(value.key) || (valueKeys.has(value.key) && isSecretName(value.parent));
}

function editOf(value: JsonString, redacted: string): Edit {
  const written = JSON.stringify(redacted);
  const text = value.role === "number" ? written : written.slice(1, -1);
  return { start: value.start, end: value.end, text };
}
