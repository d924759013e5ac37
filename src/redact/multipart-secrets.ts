/** Secrets in multipart bodies: a part with a secret's name goes whole, any other is read by its own kind, and its head like a message's. */
import { decodeBase64 } from "./base64.ts";
import { redactNamed } from "./credentials.ts";
import type { Edit } from "./edits.ts";
import { applyEdits } from "./edits.ts";
import type { HeadReader } from "./heads.ts";
import { markers } from "./marker.ts";
import type { Redacted, Scrub } from "./scrub.ts";
import { unreadableRest } from "./scrub.ts";
import { isSecretParameter } from "./secret-names.ts";

/** The body with its secrets replaced, or null when it has no boundary lines. */
export function redactMultipart(
  text: string,
  contentType: string,
  heads: HeadReader,
  scrub: Scrub,
): Redacted {
  const declared = /boundary=(?:"([^"]{1,70})"|([^\s;,]{1,70}))/i.exec(contentType);
  const boundary = declared?.[1] ?? declared?.[2] ?? /^--([^\r\n]{1,70})\r?\n/.exec(text)?.[1];
  if (boundary === undefined) return null;
  const line = `--${boundary}`;
  let start = text.indexOf(line);
  if (start === -1) return null;
  const edits: Edit[] = [];
  const reader = new PartReader(heads, scrub);
  while (start !== -1) {
    const from = start + line.length;
    const next = text.indexOf(line, from);
    edits.push(...editsFor(text.slice(from, next === -1 ? text.length : next), from, reader));
    start = next;
  }
  return applyEdits(text, edits);
}

/** `from`: where the part begins. */
function editsFor(part: string, from: number, reader: PartReader): Edit[] {
  const gap = /\r?\n\r?\n/.exec(part);
  if (gap === null) return [];
  const head = part.slice(0, gap.index);
  const contentAt = gap.index + gap[0].length;
  const content = part.slice(contentAt).replace(/\r?\n$/, "");
  return [
    { start: from, end: from + head.length, text: reader.head(head) },
    {
      start: from + contentAt,
      end: from + contentAt + content.length,
      text: reader.content(head, content),
    },
  ];
}

/** Longer parts go without a marker that could bring them back. */
const longestMarked = 8192;
// oxlint-disable-next-line no-control-regex
const control = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

class PartReader {
  private readonly heads: HeadReader;
  private readonly scrub: Scrub;

  constructor(heads: HeadReader, scrub: Scrub) {
    this.heads = heads;
    this.scrub = scrub;
  }

  head(head: string): string {
    return this.heads.fields(head);
  }

  content(head: string, content: string): string {
    const name = /;[ \t]{0,8}name=(?:"([^"]*)"|([^\s;]+))/i.exec(head);
    const key = name?.[1] ?? name?.[2] ?? "";
    const isBase64 = /^content-transfer-encoding:[ \t]{0,8}base64/im.test(head);
    const decoded = isBase64 ? decodeBase64(content.replace(/\s+/g, "")) : null;
    if (isSecretParameter(key)) return redactNamed(key, decoded ?? content, this.scrub);
    if (decoded !== null) return this.whole(content, decoded);
    if (control.test(content)) return this.whole(content, content);
    return /^content-type:[ \t]{0,8}application\/http/im.test(head)
      ? this.message(content)
      : this.scrub.nested(content);
  }

  /** What can't be rewritten in its middle goes whole when a secret is in it, or was and is a marker now. `text`: how it reads. */
  private whole(content: string, text: string): string {
    const isClean =
      text.search(markers) === -1 && this.scrub.known(this.scrub.nested(text)) === text;
    if (isClean) return content;
    return content.length > longestMarked ? unreadableRest : this.scrub.forget(content);
  }

  /** A request or an answer in a batch of them. */
  private message(content: string): string {
    const headEnd = /\r?\n\r?\n/.exec(content)?.index ?? content.length;
    const lineEnd = content.indexOf("\n");
    const firstEnd = lineEnd === -1 || lineEnd > headEnd ? headEnd : lineEnd;
    return (
      this.heads.firstLine(content.slice(0, firstEnd)) +
      this.heads.fields(content.slice(firstEnd, headEnd)) +
      this.scrub.nested(content.slice(headEnd))
    );
  }
}
