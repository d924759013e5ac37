/** The first line of a message, read from bytes: just what framing needs, and whether it is HTTP/1 at all. */

export interface RequestLine {
  readonly isHead: boolean;
  readonly isConnect: boolean;
  /** The 1 of HTTP/1.1. */
  readonly minor: number;
}

export interface StatusLine {
  readonly status: number;
  readonly minor: number;
}

const space = 32;
const head = [0x48, 0x45, 0x41, 0x44]; // HEAD
const connect = [0x43, 0x4f, 0x4e, 0x4e, 0x45, 0x43, 0x54]; // CONNECT
const http = [0x48, 0x54, 0x54, 0x50, 0x2f]; // HTTP/

/** Reads the line in [start, end), or says in words why it is no request line of HTTP/1. Spaces inside the target are let pass. */
export function readRequestLine(
  bytes: Uint8Array,
  start: number,
  end: number,
): RequestLine | string {
  let stop = end;
  while (stop > start && isBlank(bytes[stop - 1])) stop--;
  let methodStop = start;
  while (methodStop < stop && isVisible(bytes[methodStop] as number)) methodStop++;
  if (methodStop === start || bytes[methodStop] !== space) return "not an HTTP request line";
  const versionStart = stop - 8;
  if (versionStart <= methodStop || bytes[versionStart - 1] !== space)
    return "not an HTTP request line";
  const minor = readVersion(bytes, versionStart);
  if (typeof minor === "string") return minor;
  if (!hasTarget(bytes, methodStop, versionStart)) return "a request line without a target";
  const length = methodStop - start;
  return {
    isHead: length === head.length && startsWith(bytes, start, head),
    isConnect: length === connect.length && startsWith(bytes, start, connect),
    minor,
  };
}

/** Reads the line in [start, end), or says in words why it is no status line of HTTP/1. */
export function readStatusLine(bytes: Uint8Array, start: number, end: number): StatusLine | string {
  if (end - start < 12) return "not an HTTP status line";
  const minor = readVersion(bytes, start);
  if (typeof minor === "string") return minor;
  let at = start + 8;
  if (bytes[at] !== space) return "not an HTTP status line";
  while (at < end && bytes[at] === space) at++;
  if (at + 3 > end) return "a status that is not three digits";
  const status = 100 * digit(bytes[at]) + 10 * digit(bytes[at + 1]) + digit(bytes[at + 2]);
  if (Number.isNaN(status) || (at + 3 < end && !isBlank(bytes[at + 3])))
    return "a status that is not three digits";
  return { status, minor };
}

function readVersion(bytes: Uint8Array, at: number): number | string {
  if (!startsWith(bytes, at, http)) return "not HTTP";
  const major = digit(bytes[at + 5]);
  const minor = digit(bytes[at + 7]);
  if (bytes[at + 6] !== 0x2e || Number.isNaN(major) || Number.isNaN(minor))
    return "an HTTP version that can't be read";
  if (major === 2) return "HTTP/2";
  return major === 1 ? minor : "an HTTP version other than 1";
}

function hasTarget(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!isBlank(bytes[at])) return true;
  return false;
}

function startsWith(bytes: Uint8Array, at: number, word: readonly number[]): boolean {
  for (let index = 0; index < word.length; index++)
    if (bytes[at + index] !== word[index]) return false;
  return true;
}

const digit = (byte: number | undefined): number =>
  byte !== undefined && byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : Number.NaN;

const isVisible = (byte: number): boolean => byte > space && byte < 127;

const isBlank = (byte: number | undefined): boolean => byte === space || byte === 9 || byte === 13;
