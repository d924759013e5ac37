/** Secrets in message heads. Lines, their order, case and folding stay; a head without secrets is given back as it is. */
import { textFromLatin1, utf8AsLatin1 } from "./base64.ts";
import {
  isSecretHeader,
  redactAuthorization,
  redactChallenge,
  redactCookies,
  redactNamed,
  redactProtocols,
  redactSetCookie,
} from "./credentials.ts";
import { redactLogText } from "./log-text.ts";
import { Recent } from "./recent.ts";
import type { Scrub } from "./scrub.ts";
import { redactUrl } from "./urls.ts";

type Reader = (value: string, scrub: Scrub) => string;

const readers: Readonly<Record<string, Reader>> = {
  authorization: redactAuthorization,
  "proxy-authorization": redactAuthorization,
  "x-authorization": redactAuthorization,
  cookie: redactCookies,
  "set-cookie": redactSetCookie,
  "set-cookie2": redactSetCookie,
  "sec-websocket-protocol": redactProtocols,
  "www-authenticate": redactChallenge,
  "proxy-authenticate": redactChallenge,
  "authentication-info": redactChallenge,
  referer: redactUrl,
  location: redactUrl,
  "content-location": redactUrl,
};

/** Headers that come with nearly every message and leave no room for a secret; any other is read as log text. */
const harmless = new Set(
  [
    "content-length date age etag expires last-modified if-match if-none-match requestid",
    "if-modified-since if-unmodified-since sec-websocket-key sec-websocket-accept",
  ].flatMap((line) => line.split(" ")),
);

const maxRemembered = 512;
const longestRemembered = 8192;

export class HeadReader {
  private readonly scrub: Scrub;
  /** By field as written; null for those that stay as they are. */
  private readonly recent = new Recent<string | null>(maxRemembered);

  constructor(scrub: Scrub) {
    this.scrub = scrub;
  }

  /** To be called when known secrets were dropped: fields are read anew, so that those in use are known again. */
  forget(): void {
    this.recent.clear();
  }

  /** A request line, a status line, or (in trailers) a field; without its `\n`. */
  firstLine(line: string): string {
    const space = line.indexOf(" ");
    const colon = line.indexOf(":");
    if (space === -1 || (colon !== -1 && colon < space)) return this.fields(line);
    if (line.startsWith("HTTP/")) return line;
    const version = line.lastIndexOf(" HTTP/");
    const targetEnd = version > space ? version : line.length;
    const target = line.slice(space + 1, targetEnd);
    const redacted = redactUrl(target, this.scrub);
    return redacted === target ? line : line.slice(0, space + 1) + redacted + line.slice(targetEnd);
  }

  /** Any number of fields. */
  fields(head: string): string {
    const parts: string[] = [];
    let done = 0;
    let start = 0;
    while (start < head.length) {
      const end = endOfField(head, start);
      const redacted = this.field(head, start, end);
      if (redacted !== null) {
        parts.push(head.slice(done, start), redacted);
        done = contentEnd(head, end);
      }
      start = end;
    }
    return parts.length === 0 ? head : parts.join("") + head.slice(done);
  }

  /** The field's new text without its last line end, or null when nothing is to change. */
  private field(head: string, start: number, end: number): string | null {
    const field = head.slice(start, contentEnd(head, end));
    const colon = field.indexOf(":");
    const name = field.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    if (harmless.has(name) || field === "") return null;
    const before = this.recent.get(field);
    if (before !== undefined) return before;
    const redacted = redactField(field, colon + 1, name, this.scrub);
    const result = redacted === field ? null : redacted;
    if (field.length <= longestRemembered) this.recent.put(field, result);
    return result;
  }
}

function redactField(field: string, valueAt: number, name: string, scrub: Scrub): string {
  const written = field.slice(valueAt);
  const folds = written.match(/\r?\n[ \t]*/g) ?? [];
  const oneLine = folds.length === 0 ? written : written.replace(/\r?\n[ \t]*/g, " ");
  const text = decoded(oneLine);
  const redacted = readerOf(name)(text, scrub);
  if (redacted === text) return field;
  const bytes = text === oneLine ? redacted : asLatin1(redacted);
  // Folds stay as lines of blanks, so that the head keeps its lines.
  return field.slice(0, valueAt) + bytes + folds.join("");
}

function readerOf(name: string): Reader {
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (reader !== undefined) return reader;
  return isSecretHeader(name)
    ? (value, scrub) => value.replace(value.trim(), (text) => redactNamed(name, text, scrub))
    : (value, scrub) => redactLogText(value, scrub);
}

/** Whole markers alone: a lone ‹ or › is the sender's, and goes back to the bytes it came from. */
const wholeMarkers = /(‹secret[ +](?:[0-9a-f]{8}|many)›|‹unreadable›)/;
const highByte = /[\u0080-\u00ff]/;

/** As UTF-8 between the markers of an earlier reading, so that a second one sees what the first did; as it is when a part is no UTF-8. */
function decoded(line: string): string {
  const pieces = line.split(wholeMarkers);
  const texts = pieces.map((piece) => textFromLatin1(piece));
  const isUtf8 = texts.every((text, at) => text !== pieces[at] || !highByte.test(text));
  return isUtf8 ? texts.join("") : line;
}

/** What was not replaced goes back to the bytes it came from. Only markers have characters that no byte has. */
function asLatin1(text: string): string {
  return text
    .split(wholeMarkers)
    .map((piece, at) => (at % 2 === 1 ? piece : utf8AsLatin1(piece)))
    .join("");
}

/** Offset after the line that ends the field: folded lines begin with a blank. An empty line is folded by none: what follows stays below it. */
function endOfField(head: string, start: number): number {
  if (head[start] === "\n") return start + 1;
  if (head.startsWith("\r\n", start)) return start + 2;
  let end = start;
  for (;;) {
    const newline = head.indexOf("\n", end);
    if (newline === -1) return head.length;
    end = newline + 1;
    const next = head[end];
    if (next !== " " && next !== "\t") return end;
  }
}

/** The same without the line end. */
function contentEnd(head: string, end: number): number {
  let content = end;
  if (head[content - 1] === "\n") content -= 1;
  if (head[content - 1] === "\r") content -= 1;
  return content;
}
