/** The content of a message with its coding undone, so that a rule can read and change it. */
import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import { maxDecodedBytes } from "../../base/limits.ts";
import { headerValue, parseRequestHead, parseResponseHead } from "../../http1/head.ts";

/** null: its coding can't be undone. */
export function plainContent(head: Uint8Array, content: Uint8Array): Uint8Array | null {
  const coding = fieldOf(head, "content-encoding")?.toLowerCase() ?? "identity";
  if (content.length === 0 || coding === "identity") return content;
  const limit = { maxOutputLength: maxDecodedBytes };
  try {
    if (coding === "gzip" || coding === "x-gzip") return gunzipSync(content, limit);
    if (coding === "deflate") return inflateSync(content, limit);
    if (coding === "br") return brotliDecompressSync(content, limit);
  } catch {
    return null;
  }
  return null;
}

export function fieldOf(head: Uint8Array, name: string): string | null {
  const parsed = parseRequestHead(head) ?? parseResponseHead(head);
  return parsed === null ? null : headerValue(parsed.headers, name);
}

/** Everything behind the head, as sent. */
export function behindHead(message: Uint8Array, head: Uint8Array): Uint8Array {
  let start = 0;
  while (message[start] === 13 || message[start] === 10) start++;
  return message.subarray(start + head.length);
}

export const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");

/** With `Connection: close` behind its first line (RFC 9112, 9.6). */
export function lastAnswer(bytes: Uint8Array): Uint8Array {
  const at = Buffer.from(bytes).indexOf("\r\n") + 2;
  return Buffer.concat([
    bytes.subarray(0, at),
    Buffer.from("Connection: close\r\n"),
    bytes.subarray(at),
  ]);
}
