/**
 * Bodies as text and back, in whatever encoding they came: UTF-8, UTF-16, or one character a byte for all else, so that what is not
 * replaced keeps its bytes. Knows nothing of what a secret is.
 */
import { utf8AsLatin1 } from "./base64.ts";
import { markers } from "./marker.ts";
import { unreadableRest } from "./scrub.ts";

export interface BodyText {
  readonly text: string;
  readonly encoding: "utf-8" | "utf-16" | "bytes";
  /** It says that its characters are of two bytes or of four, or no ASCII, and they could not be read so: what is in it can't be seen. */
  readonly isForeign: boolean;
  /** Null when the text has characters now that its encoding has not. */
  readonly encode: (text: string) => Uint8Array | null;
}

/** Always possible; a character cut at the end stays as the bytes it is. */
export function readBodyBytes(bytes: Uint8Array, contentType: string | null): BodyText {
  const charset = /charset="?([\w-]{1,32})/i.exec(contentType ?? "")?.[1]?.toLowerCase() ?? "";
  return readUtf8(bytes) ?? readUtf16(bytes, charset) ?? readOneByOne(bytes, charset);
}

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Null for other bytes, and for those with a NUL: no text in UTF-8 has one, but UTF-16 looks like it. */
function readUtf8(bytes: Uint8Array): BodyText | null {
  if (bytes.includes(0)) return null;
  const end = endOfWhole(bytes);
  const text = strictText(bytes.subarray(0, end));
  if (text === null) return null;
  const rest = bytes.subarray(end);
  const encode = (changed: string) => joined(encoder.encode(changed), rest);
  return { text, encoding: "utf-8", isForeign: false, encode };
}

/** Where the last whole character ends: a body that was cut may end inside one. */
function endOfWhole(bytes: Uint8Array): number {
  for (let count = 1; count < 4 && count <= bytes.length; count += 1) {
    const byte = bytes[bytes.length - count] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return count < length ? bytes.length - count : bytes.length;
  }
  return bytes.length;
}

function strictText(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** Code units one by one: a decoder would lose those that are half of a pair. */
function readUtf16(bytes: Uint8Array, charset: string): BodyText | null {
  const order = orderOfUtf16(bytes, charset);
  if (order === null) return null;
  const isBig = order === "big";
  const even = bytes.length - (bytes.length % 2);
  const view = new DataView(bytes.buffer, bytes.byteOffset, even);
  const text = textOf(even / 2, (at) => view.getUint16(at * 2, !isBig));
  const rest = bytes.subarray(even);
  const encode = (changed: string): Uint8Array => {
    const units = new DataView(new ArrayBuffer(changed.length * 2));
    for (let at = 0; at < changed.length; at += 1)
      units.setUint16(at * 2, changed.charCodeAt(at), !isBig);
    return joined(new Uint8Array(units.buffer), rest);
  };
  return { text, encoding: "utf-16", isForeign: false, encode };
}

const fourBytes = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xfe && bytes[2] === 0 && bytes[3] === 0) ||
  (bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 0xfe && bytes[3] === 0xff);

/** By its mark, else by where the zeros of ASCII stand; nearly all must, unless it says that it is UTF-16. */
function orderOfUtf16(bytes: Uint8Array, charset: string): "big" | "little" | null {
  if (fourBytes(bytes)) return null;
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "little";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "big";
  const pairs = Math.min(bytes.length >> 1, 64);
  let first = 0;
  let second = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    if (bytes[pair * 2] === 0) first += 1;
    if (bytes[pair * 2 + 1] === 0) second += 1;
  }
  const says = /^utf-?16/.test(charset);
  const enough = says ? 1 : Math.max(2, pairs * 0.8);
  if (Math.max(first, second) < enough || (!says && Math.min(first, second) > 0)) return null;
  return first > second ? "big" : "little";
}

const foreign = /^(?:utf-?32|ucs-?4|utf-?7|ebcdic|cp037|ibm)/;
const wholeMarker = /‹(?:secret[ +](?:[0-9a-f]{8}|many)|unreadable)›/;
/** The same in UTF-8, a character a byte. */
const writtenMarkers =
  /\u00e2\u0080\u00b9(secret[ +](?:[0-9a-f]{8}|many)|unreadable)\u00e2\u0080\u00ba/g;

/** Latin1, its kin, and files among the parts of a form. Markers are UTF-8 in it, so that one looks the same in every body. */
function readOneByOne(bytes: Uint8Array, charset: string): BodyText {
  const text = textOf(bytes.length, (at) => bytes[at] ?? 0);
  return {
    text: text.replace(writtenMarkers, "‹$1›"),
    encoding: "bytes",
    isForeign: foreign.test(charset) || fourBytes(bytes),
    encode: bytesOf,
  };
}

function bytesOf(text: string): Uint8Array | null {
  const written = wholeMarker.test(text)
    ? text.replace(markers, utf8AsLatin1).replaceAll(unreadableRest, utf8AsLatin1(unreadableRest))
    : text;
  const bytes = new Uint8Array(written.length);
  for (let at = 0; at < written.length; at += 1) {
    const code = written.charCodeAt(at);
    if (code > 0xff) return null;
    bytes[at] = code;
  }
  return bytes;
}

/** In pieces: a function takes only so many arguments, and a character at a time is slow. */
function textOf(length: number, codeAt: (at: number) => number): string {
  const piece = new Uint16Array(Math.min(length, 4096));
  let text = "";
  for (let start = 0; start < length; start += piece.length) {
    const count = Math.min(piece.length, length - start);
    for (let at = 0; at < count; at += 1) piece[at] = codeAt(start + at);
    text += String.fromCharCode(...piece.subarray(0, count));
  }
  return text;
}

function joined(start: Uint8Array, end: Uint8Array): Uint8Array {
  if (end.length === 0) return start;
  const whole = new Uint8Array(start.length + end.length);
  whole.set(start);
  whole.set(end, start.length);
  return whole;
}
