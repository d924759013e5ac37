/** Percent-encoding as browsers, Java and gadgets write it. Both ways are total: what is wrong stays as it is. */
import { textFromLatin1 } from "./base64.ts";
import { markers, withoutBlanks } from "./marker.ts";

/** `+` is a blank, `%XX` a byte of UTF-8 (or of latin1 where it is not valid UTF-8). */
export function decodeParameter(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  if (!spaced.includes("%")) return spaced;
  return spaced.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    let bytes = "";
    for (let at = 1; at < run.length; at += 3) {
      bytes += String.fromCharCode(Number.parseInt(run.slice(at, at + 2), 16));
    }
    return textFromLatin1(bytes);
  });
}

/** Encodes all but markers, which stay readable, their blank as `+`. */
export function encodeParameter(text: string): string {
  const found = text.match(markers) ?? [];
  return text
    .split(markers)
    .map(
      (piece, index) =>
        encodeURIComponent(piece.toWellFormed()) + withoutBlanks(found[index] ?? ""),
    )
    .join("");
}
