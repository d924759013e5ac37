/** Base64 in both alphabets, between text and text; written out here because this folder knows no Buffer. */

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const values = new Int8Array(128).fill(-1);
for (const [value, char] of Array.from(alphabet).entries()) values[char.charCodeAt(0)] = value;
values["-".charCodeAt(0)] = 62;
values["_".charCodeAt(0)] = 63;
// A `+` that went through a form decoder.
values[" ".charCodeAt(0)] = 62;

const encoder = new TextEncoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The bytes of UTF-8, one char each. */
export function utf8AsLatin1(text: string): string {
  return latin1(encoder.encode(text));
}

/** Text from chars that are bytes: UTF-8 where it is valid, else latin1 as it stands. */
export function textFromLatin1(bytes: string): string {
  // oxlint-disable-next-line no-control-regex
  if (!/[\u0080-\u00ff]/.test(bytes) || /[^\u0000-\u00ff]/.test(bytes)) return bytes;
  const raw = Uint8Array.from(bytes, (char) => char.charCodeAt(0));
  try {
    return strict.decode(raw);
  } catch (error) {
    if (error instanceof TypeError) return bytes;
    throw error;
  }
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** Standard alphabet, padded; `bytes` has one char a byte. */
export function encodeBase64(bytes: string): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group =
      (bytes.charCodeAt(at) << 16) |
      ((left > 1 ? bytes.charCodeAt(at + 1) : 0) << 8) |
      (left > 2 ? bytes.charCodeAt(at + 2) : 0);
    text += alphabet.charAt(group >> 18) + alphabet.charAt((group >> 12) & 63);
    text += left > 1 ? alphabet.charAt((group >> 6) & 63) : "=";
    text += left > 2 ? alphabet.charAt(group & 63) : "=";
  }
  return text;
}

/** The decoded text (UTF-8, else latin1), or null when this is no base64. Padding may be missing. */
export function decodeBase64(text: string): string | null {
  const trimmed = text.trim().replace(/={1,2}$/, "");
  if (trimmed.length < 2 || trimmed.length % 4 === 1) return null;
  let bytes = "";
  let bits = 0;
  let held = 0;
  for (let at = 0; at < trimmed.length; at += 1) {
    const value = values[trimmed.charCodeAt(at)] ?? -1;
    if (value === -1) return null;
    held = ((held << 6) | value) & 0xff_ff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += String.fromCharCode((held >> bits) & 0xff);
  }
  return textFromLatin1(bytes);
}
