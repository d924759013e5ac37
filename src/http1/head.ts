/** A message head as values: start line and fields, decoded from its bytes only when somebody asks. */
import { readRequestLine, readStatusLine } from "./start-line.ts";

/** One field line. The name has its case as sent; the value has no white space around it, and a folded one is one line. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

/** A request's head. Properties are getters over the bytes: copy what must outlive them, and don't spread it. */
export interface RequestHead {
  readonly method: string;
  /** As sent: origin-form, absolute-form, authority-form or `*`. */
  readonly target: string;
  /** `HTTP/1.1` or `HTTP/1.0`. */
  readonly version: string;
  readonly headers: readonly Header[];
}

/** A response's head. Properties are getters over the bytes: copy what must outlive them, and don't spread it. */
export interface ResponseHead {
  readonly version: string;
  /** Any three digits: 000, 099 and 999 occur. */
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly Header[];
}

const decoder = new TextDecoder();

/** Bytes as text, one character a byte (ISO 8859-1). The label "latin1" of TextDecoder means windows-1252, which is not that. */
export function latin1(bytes: Uint8Array): string {
  // Native decoding is ten times faster, and equals latin1 where every byte is ASCII: one character a byte, none replaced.
  const text = decoder.decode(bytes);
  if (text.length === bytes.length && !text.includes("\ufffd")) return text;
  let slow = "";
  for (let start = 0; start < bytes.length; start += 4096)
    slow += String.fromCharCode(...bytes.subarray(start, start + 4096));
  return slow;
}

/** The fields of a head (after its start line) or of trailers, in order, duplicates kept. A line without a colon is a name without a value. */
function parseFields(text: string, start = 0): readonly Header[] {
  const fields: Header[] = [];
  let at = start;
  while (at < text.length) {
    let end = endOfLine(text, at);
    if (end === at || text.slice(at, end) === "\r") break;
    // obs-fold (RFC 9112 5.2): a line that begins with white space goes on with the field before it.
    while (text[end + 1] === " " || text[end + 1] === "\t") end = endOfLine(text, end + 1);
    fields.push(field(text.slice(at, end)));
    at = end + 1;
  }
  return fields;
}

/** The fields of a trailer section, as `requestEnd` and `responseEnd` give it. */
export function parseTrailers(bytes: Uint8Array): readonly Header[] {
  return parseFields(latin1(bytes));
}

/** The first value under that name (any case), or null. */
export function headerValue(headers: readonly Header[], name: string): string | null {
  const wanted = name.toLowerCase();
  for (const header of headers) if (isNamed(header, wanted)) return header.value;
  return null;
}

/** All values under that name (any case), in the order sent. */
export function headerValues(headers: readonly Header[], name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return headers.filter((header) => isNamed(header, wanted)).map((header) => header.value);
}

/** Reads a request head (through its empty line), or null where its first line is not a request line. */
export function parseRequestHead(bytes: Uint8Array): RequestHead | null {
  const line = readRequestLine(bytes, 0, lineEnd(bytes));
  return typeof line === "string" ? null : new LazyRequestHead(bytes);
}

/** Reads a response head (through its empty line), or null where its first line is not a status line. */
export function parseResponseHead(bytes: Uint8Array): ResponseHead | null {
  const line = readStatusLine(bytes, 0, lineEnd(bytes));
  return typeof line === "string" ? null : new LazyResponseHead(bytes);
}

/** Text and fields of one head, each made at the first use. */
class LazyHead {
  readonly #bytes: Uint8Array;
  #text: string | null = null;
  #headers: readonly Header[] | null = null;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get headers(): readonly Header[] {
    this.#headers ??= parseFields(this.text, endOfLine(this.text, 0) + 1);
    return this.#headers;
  }

  protected get text(): string {
    this.#text ??= latin1(this.#bytes);
    return this.#text;
  }

  protected get startLine(): string {
    return trimWhite(this.text.slice(0, endOfLine(this.text, 0)));
  }
}

/** `bytes` must begin with a readable request line. */
export class LazyRequestHead extends LazyHead implements RequestHead {
  get method(): string {
    return this.text.slice(0, this.text.indexOf(" "));
  }

  get target(): string {
    const line = this.startLine;
    return trimWhite(line.slice(line.indexOf(" "), line.lastIndexOf(" ")));
  }

  get version(): string {
    return this.startLine.slice(-8);
  }
}

/** `bytes` must begin with a readable status line. */
export class LazyResponseHead extends LazyHead implements ResponseHead {
  get version(): string {
    return this.text.slice(0, 8);
  }

  get status(): number {
    return Number(this.#afterVersion.slice(0, 3));
  }

  get reason(): string {
    return trimWhite(this.#afterVersion.slice(3));
  }

  get #afterVersion(): string {
    return trimWhite(this.startLine.slice(8));
  }
}

function field(line: string): Header {
  const colon = line.indexOf(":");
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(colon + 1);
  return { name: trimWhite(name), value: trimWhite(value).replaceAll(/\r?\n[ \t]+/g, " ") };
}

const isWhite = (code: number): boolean => code === 32 || code === 9 || code === 13 || code === 10;

/** `String.trim` would also take U+00A0, which is a byte of content here. */
function trimWhite(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhite(text.charCodeAt(start))) start++;
  while (end > start && isWhite(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isNamed(header: Header, wanted: string): boolean {
  return header.name.length === wanted.length && header.name.toLowerCase() === wanted;
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf("\n", from);
  return at < 0 ? text.length : at;
}

function lineEnd(bytes: Uint8Array): number {
  const at = bytes.indexOf(10);
  return at < 0 ? bytes.length : at;
}
