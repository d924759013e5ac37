/** Undoes a body's content codings (RFC 9110 8.4), within bounds. */
import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from "node:zlib";
import { codeOf } from "../base/errors.ts";
import { maxDecodedBytes } from "../base/limits.ts";
import type { ExchangeNote } from "../domain/exchange.ts";

/** Bodies cut at the limit still give what they hold: the flush mode accepts an early end. */
const lenient = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: maxDecodedBytes };

const decoders: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gunzipSync(bytes, lenient),
  "x-gzip": (bytes) => gunzipSync(bytes, lenient),
  // RFC 9110 8.4.1.2 says zlib format; some servers send bare deflate.
  deflate: (bytes) =>
    (bytes[0] ?? 0) % 16 === 8 ? inflateSync(bytes, lenient) : inflateRawSync(bytes, lenient),
  br: (bytes) =>
    brotliDecompressSync(bytes, {
      finishFlush: constants.BROTLI_OPERATION_FLUSH,
      maxOutputLength: maxDecodedBytes,
    }),
  zstd: (bytes) =>
    zstdDecompressSync(bytes, {
      finishFlush: constants.ZSTD_e_flush,
      maxOutputLength: maxDecodedBytes,
    }),
};

/** null = an encoding nobody here can undo, or bytes that do not follow it. */
export function decode(
  body: Buffer,
  encoding: string | null,
  notes: Set<ExchangeNote>,
): Buffer | null {
  const codings = (encoding ?? "")
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && coding !== "identity");
  // Each coding may inflate a thousandfold: a stack of them is an attack.
  if (codings.length > 2) return null;
  let bytes = body;
  for (const coding of codings.toReversed()) {
    const decoder = Object.hasOwn(decoders, coding) ? decoders[coding] : undefined;
    if (decoder === undefined) return null;
    try {
      bytes = decoder(bytes);
    } catch (error) {
      if (codeOf(error) === "ERR_BUFFER_TOO_LARGE") notes.add("bomb");
      return null;
    }
  }
  return bytes;
}
