/** What a file is that somebody brings: a capture of some tool, TLS keys, or a log. By its first bytes, as names lie. */

export type DroppedKind = "capture" | "keys" | "log";

/** So many bytes tell it. */
export const tellingBytes = 4096;

/** Big endian. */
const packetMagics = new Set([0x0a0d_0d0a, 0xa1b2_c3d4, 0xd4c3_b2a1, 0xa1b2_3c4d, 0x4d3c_b2a1]);
const keyLine = /^[A-Z][A-Z0-9_]* [0-9a-f]{64} [0-9a-f]{32,}\s*$/im;
const archive = 0x504b_0304;

/** `name` decides between archives alone: a SAZ and a zip of logs begin alike. */
export function kindOf(name: string, start: Uint8Array): DroppedKind {
  const [a = 0, b = 0, c = 0, d = 0] = start;
  const magic = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  if (packetMagics.has(magic)) return "capture";
  if (magic === archive) return /\.saz$/i.test(name) ? "capture" : "log";
  const text = new TextDecoder("latin1").decode(start);
  if (text.startsWith("SQLite format 3")) return "capture";
  if (/^(?:\u00ef\u00bb\u00bf)?\s*\{/.test(text) && /\.har$/i.test(name)) return "capture";
  return keyLine.test(text) ? "keys" : "log";
}
