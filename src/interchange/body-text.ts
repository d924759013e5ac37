/** Bodies as other formats hold them: text where the bytes are UTF-8, else base64. */

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** null = not UTF-8, or bytes that no text has. */
export function utf8Text(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return strict.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

export const base64Of = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

export const bytesOfBase64 = (text: string): Uint8Array => Buffer.from(text, "base64");
