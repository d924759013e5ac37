/** Secrets in pages: password fields, tokens in hidden fields (single sign-on posts its assertion from one), and what log text has. */
import { redactNamed } from "./credentials.ts";
import type { Edit } from "./edits.ts";
import { applyEdits } from "./edits.ts";
import { redactLogText } from "./log-text.ts";
import type { Scrub } from "./scrub.ts";
import { isSecretName } from "./secret-names.ts";

const attribute =
  /[\s/]*([^\s=<>"'/]{1,128})(?:\s{0,16}=\s{0,16}(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?/y;

/** The page with its secrets replaced; always possible. */
export function redactHtml(text: string, scrub: Scrub): string {
  const edits: Edit[] = [];
  const tags = /<(?:input|meta)(?=[\s/])/gi;
  for (let tag = tags.exec(text); tag !== null; tag = tags.exec(text)) {
    const field = readField(text, tags.lastIndex);
    tags.lastIndex = field.end;
    const edit = editFor(field, scrub);
    if (edit !== null) edits.push(edit);
  }
  return redactLogText(applyEdits(text, edits), scrub);
}

interface Field {
  readonly end: number;
  readonly name: string;
  readonly type: string;
  readonly value: { readonly text: string; readonly start: number } | null;
}

function readField(text: string, from: number): Field {
  let name = "";
  let type = "";
  let value: Field["value"] = null;
  let end = from;
  for (;;) {
    attribute.lastIndex = end;
    const match = attribute.exec(text);
    if (match === null) return { end, name, type, value };
    end = attribute.lastIndex;
    const key = (match[1] ?? "").toLowerCase();
    const written = match[2] ?? match[3] ?? match[4] ?? "";
    if (key === "name" || (key === "id" && name === "")) name = written;
    else if (key === "type") type = written.toLowerCase();
    else if (key === "value" || key === "content") {
      const start = end - written.length - (match[4] === undefined ? 1 : 0);
      value = { text: written, start };
    }
  }
}

function editFor(field: Field, scrub: Scrub): Edit | null {
  const { name, type, value } = field;
  if (value === null || value.text === "" || type === "submit" || type === "button") return null;
  if (type !== "password" && !isSecretName(name)) return null;
  const redacted = redactNamed(name, value.text, scrub);
  if (redacted === value.text) return null;
  return { start: value.start, end: value.start + value.text.length, text: redacted };
}
