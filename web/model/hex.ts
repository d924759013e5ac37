/** Bytes as a hex dump, a page at a time. */

export const bytesPerLine = 16;
export const linesPerPage = 256;

export interface HexLine {
  /** Offset of the first byte, as eight hex digits. */
  readonly offset: string;
  /** Two digits a byte, a wider gap in the middle. */
  readonly hex: string;
  /** Printable ASCII, `.` for the rest. */
  readonly text: string;
}

export const hexPages = (length: number): number =>
  Math.max(1, Math.ceil(length / (bytesPerLine * linesPerPage)));

/** The lines of one page; past the end it is empty. */
export function hexPage(bytes: Uint8Array, page: number): readonly HexLine[] {
  const start = page * bytesPerLine * linesPerPage;
  const end = Math.min(bytes.length, start + bytesPerLine * linesPerPage);
  const lines: HexLine[] = [];
  for (let at = start; at < end; at += bytesPerLine) {
    lines.push(hexLine(bytes.subarray(at, Math.min(end, at + bytesPerLine)), at));
  }
  return lines;
}

function hexLine(bytes: Uint8Array, at: number): HexLine {
  let hex = "";
  let text = "";
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index] ?? 0;
    if (index > 0) hex += index === bytesPerLine / 2 ? "  " : " ";
    hex += byte.toString(16).padStart(2, "0");
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".";
  }
  return { offset: at.toString(16).padStart(8, "0"), hex, text };
}

/** Bytes of a string of hex digits, as frames carry them; anything else ends it. */
export function bytesOfHex(digits: string): Uint8Array {
  const clean = /^(?:[0-9a-f]{2})*/i.exec(digits.replaceAll(/\s/g, ""))?.[0] ?? "";
  const bytes = new Uint8Array(clean.length / 2);
  for (let index = 0; index < bytes.length; index += 1) {
    bytes[index] = Number.parseInt(clean.slice(index * 2, index * 2 + 2), 16);
  }
  return bytes;
}
