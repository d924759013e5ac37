/** What a file is, told by its first bytes: names in log bundles say little. */

export type FileKind =
  | "zip"
  | "gzip"
  | "tar"
  | "text"
  | "empty"
  /** Packed in a way that is not unpacked here. */
  | "7z"
  | "rar"
  | "bzip2"
  | "xz"
  | "zstd"
  | "binary";

/** Enough to see a tar's first header. */
export const kindBytes = 512;

const magics: readonly (readonly [string, FileKind])[] = [
  ["PK\u0003\u0004", "zip"],
  ["PK\u0005\u0006", "zip"],
  ["\u001f\u008b", "gzip"],
  ["7z\u00bc\u00af\u0027\u001c", "7z"],
  ["Rar!\u001a\u0007", "rar"],
  ["BZh", "bzip2"],
  ["\u00fd7zXZ\u0000", "xz"],
  ["\u0028\u00b5\u002f\u00fd", "zstd"],
];

/** `start`: the first `kindBytes`, or all there is. */
export function kindOfFile(start: Uint8Array): FileKind {
  if (start.length === 0) return "empty";
  const bytes = Buffer.from(start.buffer, start.byteOffset, start.length);
  const text = bytes.toString("latin1", 0, 8);
  const magic = magics.find(([word]) => text.startsWith(word));
  if (magic !== undefined) return magic[1];
  if (isTar(bytes)) return "tar";
  return isText(bytes) ? "text" : "binary";
}

/** By its header's checksum, so that tars older than the word `ustar` are seen too: the sum of its bytes, the field itself as blanks. */
function isTar(bytes: Buffer): boolean {
  if (bytes.length < kindBytes) return false;
  const told = Number.parseInt(bytes.toString("latin1", 148, 156).replace(/[\0 ]+$/, ""), 8);
  if (!Number.isFinite(told) || told === 0) return false;
  let sum = 8 * 32;
  for (let at = 0; at < kindBytes; at++) if (at < 148 || at >= 156) sum += bytes[at] ?? 0;
  return sum === told;
}

/** UTF-16 has zeros in it, but says so at its start. */
const isText = (bytes: Buffer): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xfe) ||
  (bytes[0] === 0xfe && bytes[1] === 0xff) ||
  !bytes.subarray(0, kindBytes).includes(0);
