/** Secrets in multipart bodies: a part with a secret's name goes whole, any other is read by its own kind. */
import { redactNamed } from "./credentials.ts";
import type { Edit } from "./edits.ts";
import { applyEdits } from "./edits.ts";
import type { Redacted, Scrub } from "./scrub.ts";
import { isSecretParameter } from "./secret-names.ts";

/** The body with its secrets replaced, or null when it has no boundary lines. */
export function redactMultipart(text: string, contentType: string, scrub: Scrub): Redacted {
  const declared = /boundary=(?:"([^"]{1,70})"|([^\s;,]{1,70}))/i.exec(contentType);
  const boundary = declared?.[1] ?? declared?.[2] ?? /^--([^\r\n]{1,70})\r?\n/.exec(text)?.[1];
  if (boundary === undefined) return null;
  const line = `--${boundary}`;
  let start = text.indexOf(line);
  if (start === -1) return null;
  const edits: Edit[] = [];
  while (start !== -1) {
    const from = start + line.length;
    const next = text.indexOf(line, from);
    const edit = editFor(text, from, next === -1 ? text.length : next, scrub);
    if (edit !== null) edits.push(edit);
    start = next;
  }
  return applyEdits(text, edits);
}

function editFor(text: string, from: number, to: number, scrub: Scrub): Edit | null {
  const part = text.slice(from, to);
  const gap = /\r?\n\r?\n/.exec(part);
  if (gap === null) return null;
  const head = part.slice(0, gap.index);
  const content = part.slice(gap.index + gap[0].length).replace(/\r?\n$/, "");
  const name = /;[ \t]{0,8}name=(?:"([^"]*)"|([^\s;]+))/i.exec(head);
  const key = name?.[1] ?? name?.[2] ?? "";
  const redacted = isSecretParameter(key)
    ? redactNamed(key, content, scrub)
    : scrub.nested(content);
  if (redacted === content) return null;
  const start = from + gap.index + gap[0].length;
  return { start, end: start + content.length, text: redacted };
}
