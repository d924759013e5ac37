/** What the fields of one head say about where its message ends. */
import { latin1 } from "./head.ts";

const contentLength = bytesOf("content-length");
const transferEncoding = bytesOf("transfer-encoding");
const upgrade = bytesOf("upgrade");

/** Filled field by field; conflicting or unreadable lengths are kept as a sentence, since a message without body may have them. */
export class FieldFacts {
  /** -1: no Content-Length. */
  length = -1;
  lengthProblem: string | null = null;
  /** All Transfer-Encoding values, joined by commas, lower case; null: none. */
  codings: string | null = null;
  /** The Upgrade field, lower case; null: none. */
  upgrade: string | null = null;
  /** White space before the colon of a framing field: RFC 9112 5.1 has servers refuse that, and clients accept it. */
  looseColon = false;

  clear(): void {
    this.length = -1;
    this.lengthProblem = null;
    this.codings = null;
    this.upgrade = null;
    this.looseColon = false;
  }

  /** Reads the field line in [start, end), its continuation lines included. */
  read(bytes: Uint8Array, start: number, end: number): void {
    const first = (bytes[start] as number) | 0x20;
    if (first === contentLength[0]) {
      const value = this.#valueAfter(bytes, start, end, contentLength);
      if (value >= 0) this.#readLengths(bytes, value, end);
    } else if (first === transferEncoding[0]) {
      const value = this.#valueAfter(bytes, start, end, transferEncoding);
      if (value < 0) return;
      const codings = textOf(bytes, value, end);
      this.codings = this.codings === null ? codings : `${this.codings},${codings}`;
    } else if (first === upgrade[0]) {
      const value = this.#valueAfter(bytes, start, end, upgrade);
      if (value >= 0) this.upgrade = textOf(bytes, value, end);
    }
  }

  /** Offset of the value, or -1 where the field has another name. */
  #valueAfter(bytes: Uint8Array, start: number, end: number, name: readonly number[]): number {
    if (end - start <= name.length) return -1;
    for (let index = 0; index < name.length; index++) {
      const byte = bytes[start + index] as number;
      if ((byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte) !== name[index]) return -1;
    }
    let at = start + name.length;
    while (at < end && isWhite(bytes[at] as number)) at++;
    if (bytes[at] !== 0x3a || at >= end) return -1;
    if (at > start + name.length) this.looseColon = true;
    return at + 1;
  }

  /** A list of equal lengths counts as one (RFC 9112 6.3). */
  #readLengths(bytes: Uint8Array, start: number, end: number): void {
    let from = start;
    for (let at = start; at <= end; at++) {
      if (at < end && bytes[at] !== 0x2c) continue;
      const length = readNumber(bytes, from, at);
      from = at + 1;
      if (length < 0) this.lengthProblem ??= "a Content-Length that is not a number";
      else if (this.length >= 0 && this.length !== length)
        this.lengthProblem ??= "conflicting Content-Length fields";
      this.length = Math.max(length, 0);
    }
  }
}

/** The decimal number in [start, end), or -1: none, more than digits, or too large to count to. */
function readNumber(bytes: Uint8Array, start: number, end: number): number {
  let from = start;
  let to = end;
  while (from < to && isWhite(bytes[from] as number)) from++;
  while (to > from && isWhite(bytes[to - 1] as number)) to--;
  if (from === to) return -1;
  let value = 0;
  for (; from < to; from++) {
    const digit = (bytes[from] as number) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = 10 * value + digit;
  }
  return value > Number.MAX_SAFE_INTEGER ? -1 : value;
}

const textOf = (bytes: Uint8Array, start: number, end: number): string =>
  latin1(bytes.subarray(start, end)).trim().toLowerCase();

const isWhite = (byte: number): boolean => byte === 32 || byte === 9 || byte === 13 || byte === 10;

function bytesOf(word: string): readonly number[] {
  return Array.from(word, (character) => character.charCodeAt(0));
}
