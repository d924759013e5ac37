/** The spellings a secret is looked for in. Escapes are undone before the search, so only bytes and base64 are left to spell out. */
import { encodeBase64, utf8AsLatin1 } from "./base64.ts";

export interface SecretPattern {
  readonly text: string;
  /** Base64 of the secret inside longer text: one more character on that side holds some of its bits. */
  readonly left: boolean;
  readonly right: boolean;
  readonly isBase64: boolean;
}

/** All patterns of a secret of at least six characters. */
export function patternsOf(secret: string): readonly SecretPattern[] {
  const bytes = utf8AsLatin1(secret);
  const plain = new Set([secret, bytes]);
  if (secret.includes(" ")) {
    plain.add(secret.replaceAll(" ", "+"));
    plain.add(bytes.replaceAll(" ", "+"));
  }
  const patterns: SecretPattern[] = [];
  for (const text of plain) patterns.push({ text, left: false, right: false, isBase64: false });
  const encodings = new Set([bytes]);
  // Some clients put latin1 into Basic.
  if (bytes !== secret && !/[^ -\u00ff]/.test(secret)) encodings.add(secret);
  for (const encoding of encodings) {
    for (const offset of [0, 1, 2]) patterns.push(...base64Patterns(encoding, offset));
  }
  return patterns;
}

/** Characters that depend on the secret alone when it starts `offset` bytes (mod 3) into the encoded text. */
function base64Patterns(bytes: string, offset: number): readonly SecretPattern[] {
  const encoded = encodeBase64("\0".repeat(offset) + bytes).replace(/=+$/, "");
  const first = Math.ceil((offset * 8) / 6);
  const bits = (offset + bytes.length) * 8;
  const text = encoded.slice(first, Math.floor(bits / 6));
  const shape = { left: (offset * 8) % 6 !== 0, right: bits % 6 !== 0, isBase64: true };
  const urlSafe = text.replaceAll("+", "-").replaceAll("/", "_");
  return urlSafe === text
    ? [{ ...shape, text }]
    : [
        { ...shape, text },
        { ...shape, text: urlSafe },
      ];
}
