/** Streams of bytes looked at before they are read, counted, and turned into text. */
import { kindBytes } from "./file-kind.ts";

export type Bytes = AsyncIterable<Uint8Array>;

export interface Peeked {
  /** The first `kindBytes`, or all there is. */
  readonly start: Uint8Array;
  /** Everything, the start included. */
  readonly all: Bytes;
  /** Ends the source without reading the rest. */
  readonly stop: () => Promise<void>;
}

export async function peek(bytes: Bytes): Promise<Peeked> {
  const source = bytes[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length < kindBytes) {
    const next = await source.next();
    if (next.done === true) break;
    chunks.push(next.value);
    length += next.value.length;
  }
  const stop = async (): Promise<void> => {
    await source.return?.();
  };
  return { start: Buffer.concat(chunks).subarray(0, kindBytes), all: joined(chunks, source), stop };
}

async function* joined(
  chunks: readonly Uint8Array[],
  source: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
    for (let next = await source.next(); next.done !== true; next = await source.next())
      yield next.value;
  } finally {
    await source.return?.();
  }
}

export async function* counted(
  bytes: Bytes,
  take: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    take(chunk.length);
    yield chunk;
  }
}

/** By its byte order mark, else as UTF-8; bytes that are neither become U+FFFD. */
export async function* asText(bytes: Bytes, start: Uint8Array): AsyncGenerator<string> {
  const [first, second] = start;
  const isLittle = first === 0xff && second === 0xfe;
  const isBig = first === 0xfe && second === 0xff;
  const decoder = new TextDecoder(isLittle ? "utf-16le" : isBig ? "utf-16be" : "utf-8");
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}
