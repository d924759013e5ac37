/** Puts TLS keys into a packet capture, as a Decryption Secrets Block: then it opens decrypted wherever it is sent. */
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { fail, reasonOf } from "../../base/errors.ts";
import { clientRandomsIn, keysIn } from "./key-log.ts";
import { secretsBlock } from "./pcapng.ts";

export interface KeyedCapture {
  /** Connections whose keys go in. */
  readonly connections: number;
  bytes(): AsyncGenerator<Buffer>;
}

const sectionType = 0x0a0d0d0a;
const littleEndian = 0x1a2b3c4d;
/** Larger than any packet; what says more is no pcapng. */
const maxBlock = 64 * 1024 * 1024;

/** Only keys of connections that are in the capture go in: a key log holds those of a whole day. Throws "file-unreadable". */
export async function withKeys(capturePath: string, keysPath: string): Promise<KeyedCapture> {
  const keys = keysIn(await textOf(keysPath));
  if (keys.size === 0)
    throw fail("file-unreadable", {
      path: keysPath,
      why: "there is no TLS key in it",
      remedy: "It is the file that --keylog or SSLKEYLOGFILE named.",
    });
  const found = new Set<string>();
  for await (const block of blocksOf(capturePath))
    for (const random of clientRandomsIn(block)) if (keys.has(random)) found.add(random);
  if (found.size === 0)
    throw fail("file-unreadable", {
      path: keysPath,
      why: "none of its keys belongs to a connection in the capture",
      remedy:
        "The key log must have been written while the packets were captured, and the capture must hold the beginning of the connections.",
    });
  const lines = [...found].flatMap((random) => keys.get(random) ?? []);
  const secrets = secretsBlock(Buffer.from(`${lines.join("\n")}\n`));
  return {
    connections: found.size,
    async *bytes() {
      let isFirst = true;
      for await (const block of blocksOf(capturePath)) {
        yield block;
        // Keys stand before the packets they are for.
        if (isFirst) yield secrets;
        isFirst = false;
      }
    },
  };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "latin1");
  } catch (error) {
    throw fail("file-unreadable", { path, why: reasonOf(error), remedy: "Check the path." }, error);
  }
}

async function* blocksOf(path: string): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  let isFirst = true;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let at = 0;
    for (; held.length - at >= 12; ) {
      if (isFirst) checkSection(path, held);
      isFirst = false;
      const length = held.readUInt32LE(at + 4);
      if (length < 12 || length > maxBlock || length % 4 !== 0)
        throw fail("file-unreadable", { path, why: "a block of it has no sensible length" });
      if (held.length - at < length) break;
      yield held.subarray(at, at + length);
      at += length;
    }
    held = held.subarray(at);
  }
}

function checkSection(path: string, start: Buffer): void {
  if (start.readUInt32LE(0) === sectionType && start.readUInt32LE(8) === littleEndian) return;
  throw fail("file-unreadable", {
    path,
    why: "keys can be put into pcapng files (little endian) alone",
    remedy: "Convert it first: editcap -F pcapng IN OUT",
  });
}
