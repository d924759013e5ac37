/** Secrets in pages: password fields, tokens in hidden fields (single sign-on posts its assertion from one), and what log text has. */
import { redactNamed } from "./credentials.ts";
import type { Edit } from "./edits.ts";
import { applyEdits } from "./edits.ts";
import { redactLogText } from "./log-text.ts";
import type { Scrub } from "./scrub.ts";
import { isSecretName } from "./secret-names.ts";

/** A quote that is still open where the text ends belongs to a page that was cut. */
const attribute =
  /[\s/]*([^\s=<>"'/]{1,128})(?:\s{0,16}=\s{0,16}(?:"([^"]*)("|$)|'([^']*)('|$)|([^\s>"']+)))?/y;
const tagEnd = /[\s/]*>/y;
const textareaEnd = /<\/textarea/gi;

/** The page with its secrets replaced; always possible. */
export function redactHtml(text: string, scrub: Scrub): string {
  const edits: Edit[] = [];
  const tags = /<(?:input|meta|textarea)(?=[\s/])/gi;
  for (let tag = tags.exec(text); tag !== null; tag = tags.exec(text)) {
    const attributes = readField(text, tags.lastIndex);
    const field = tag[0].length === "<textarea".length ? withContent(text, attributes) : attributes;
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
    const written = writtenIn(match);
    if (key === "name" || (key === "id" && name === "")) name = written.text;
    else if (key === "type") type = written.text.toLowerCase();
    else if (key === "value" || key === "content") value = written;
  }
}

function writtenIn(match: RegExpExecArray): { readonly text: string; readonly start: number } {
  const text = match[2] ?? match[4] ?? match[6] ?? "";
  const closing = match[3] ?? match[5] ?? "";
  return { text, start: match.index + match[0].length - text.length - closing.length };
}

/** A `<textarea>` has its value between its tags; the rest of the page, where it was cut. Looked for only below a secret's name. */
function withContent(text: string, field: Field): Field {
  tagEnd.lastIndex = field.end;
  if (!isSecretName(field.name) || !tagEnd.test(text)) return { ...field, value: null };
  const start = tagEnd.lastIndex;
  textareaEnd.lastIndex = start;
  const end = textareaEnd.exec(text)?.index ?? text.length;
  return { ...field, end, value: { text: text.slice(start, end), start } };
}

function editFor(field: Field, scrub: Scrub): Edit | null {
  const { name, type, value } = field;
  if (value === null || value.text === "" || type === "submit" || type === "button") return null;
  if (type !== "password" && !isSecretName(name)) return null;
  const redacted = redactNamed(name, value.text, scrub);
  if (redacted === value.text) return null;
  return { start: value.start, end: value.start + value.text.length, text: redacted };
}
