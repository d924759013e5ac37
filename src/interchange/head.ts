/** Message heads between text, lines and bytes. */
import type { Header } from "../domain/exchange.ts";
import { headersOf } from "../store/message-row.ts";

export interface ReadHead {
  readonly startLine: string;
  readonly headers: readonly Header[];
}

export function readHead(head: string): ReadHead {
  const lines = head.split(/\r?\n/);
  return { startLine: lines[0] ?? "", headers: headersOf(lines.slice(1)) };
}

/** Values of other tools may hold line ends (HTTP/2 does not forbid them to the letter): a head keeps its lines. */
export function composeHead(startLine: string, headers: readonly Header[]): string {
  const lines = headers.map(({ name, value }) => `${oneLine(name)}: ${oneLine(value)}`);
  return `${[oneLine(startLine), ...lines].join("\r\n")}\r\n\r\n`;
}

const oneLine = (text: string): string => text.replace(/[\r\n]+/g, " ");

/** The value of the first header of that name (lower case), or null. */
export function headerValue(headers: readonly Header[], name: string): string | null {
  return headers.find((header) => header.name.toLowerCase() === name)?.value ?? null;
}

/** Latin1 characters are bytes as they came; all others (redaction's markers, other tools' text) become UTF-8. */
export function headBytes(head: string): Buffer {
  if (!/[\u0100-\uffff]/.test(head)) return Buffer.from(head, "latin1");
  const parts = head.split(/([\u0100-\uffff]+)/);
  return Buffer.concat(
    parts.map((part, index) => Buffer.from(part, index % 2 === 1 ? "utf8" : "latin1")),
  );
}

/** Bytes as latin1, with markers as they were before `headBytes`. */
export function headText(bytes: Uint8Array): string {
  return withMarkers(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1"),
  );
}

/** UTF-8 of `‹` and `›` read as latin1, around what a marker says. */
const markerAsLatin1 =
  /\u00e2\u0080\u00b9(secret[ +](?:[0-9a-f]{8}|many)|unreadable)\u00e2\u0080\u00ba/g;

const withMarkers = (text: string): string =>
  text.includes("\u00e2\u0080\u00b9") ? text.replace(markerAsLatin1, "‹$1›") : text;
