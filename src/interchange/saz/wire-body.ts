/** Bodies as SAZ holds them: as they were on the wire, with content coding and chunk framing. */
import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import type { CopiedMessage } from "../exchange-copy.ts";
import { headerValue, readHead } from "../head.ts";

const none = Buffer.alloc(0);

const coders: Readonly<Record<string, (bytes: Uint8Array) => Buffer>> = {
  gzip: (bytes) => gzipSync(bytes),
  "x-gzip": (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  // The quality of the wire is not known, and the best takes a hundred times as long.
  br: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  zstd: (bytes) => zstdCompressSync(bytes),
};

/** The body in the coding that its head names. `isWhole`: false = it was cut on the way, and so is its framing. */
export function wireBody(message: CopiedMessage, isWhole: boolean): Buffer {
  const { headers } = readHead(message.head);
  const body = message.decoded
    ? encoded(message.body ?? none, headerValue(headers, "content-encoding") ?? "")
    : Buffer.from(message.body ?? none);
  const isChunked = /\bchunked\s*$/i.test(headerValue(headers, "transfer-encoding") ?? "");
  if (!isChunked) return body;
  const chunk =
    body.length === 0 ? none : Buffer.concat([size(body.length), body, Buffer.from("\r\n")]);
  const trailers = Buffer.from(message.trailers, "utf8");
  return isWhole
    ? Buffer.concat([chunk, Buffer.from("0\r\n"), trailers, Buffer.from("\r\n")])
    : chunk;
}

const size = (length: number): Buffer => Buffer.from(`${length.toString(16)}\r\n`);

const codingsOf = (written: string): string[] =>
  written
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && coding !== "identity");

function encoded(body: Uint8Array, codings: string): Buffer {
  let bytes = Buffer.from(body);
  for (const coding of codingsOf(codings)) {
    const coder = Object.hasOwn(coders, coding) ? coders[coding] : undefined;
    if (coder !== undefined) bytes = Buffer.from(coder(bytes));
  }
  return bytes;
}

export interface RawBody {
  readonly body: Buffer;
  readonly trailers: string;
  /** Chunk framing without its end. */
  readonly isCut: boolean;
}

/** Takes chunk framing off. Tools that store bodies without it are believed: what is no chunk is body. */
export function unframed(bytes: Buffer, isChunked: boolean): RawBody {
  const asIs = { body: bytes, trailers: "", isCut: false };
  if (!isChunked || bytes.length === 0) return asIs;
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = /^([0-9a-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n/i.exec(
      bytes.toString("latin1", at, at + 256),
    );
    if (line === null)
      return at === 0 ? asIs : { body: Buffer.concat(parts), trailers: "", isCut: true };
    const length = Number.parseInt(line[1] ?? "0", 16);
    const start = at + line[0].length;
    if (length === 0) {
      const trailers = bytes.toString("utf8", start).replace(/\r\n$/, "");
      return { body: Buffer.concat(parts), trailers, isCut: false };
    }
    parts.push(bytes.subarray(start, start + length));
    at = start + length + 2;
  }
}
