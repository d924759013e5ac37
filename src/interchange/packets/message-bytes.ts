/** A message as a TCP stream holds it: its framing true to the bytes that are there, after redaction and limits changed their number. */
import type { CopiedFrame, CopiedMessage } from "../exchange-copy.ts";
import { headBytes } from "../head.ts";
import { wireBody } from "../saz/wire-body.ts";

export interface MessagePlace {
  /** false = it broke off on the way, and must read so. */
  readonly isWhole: boolean;
  /** An answer that has no body whatever its head says: to HEAD, or one that opens a WebSocket. */
  readonly isBodiless: boolean;
  /** What follows is not of this message, although no length says where it ends: other tools' files leave that out. */
  readonly isFollowed: boolean;
}

export function messageBytes(message: CopiedMessage, place: MessagePlace): Buffer {
  if (place.isBodiless) return headBytes(message.head);
  const body = wireBody(message, place.isWhole);
  return Buffer.concat([headBytes(framed(message, body.length, place)), body]);
}

const lengthLine = /^(content-length[ \t]*:[ \t]*)(\d+)/im;
const namesFraming = /^(?:content-length|transfer-encoding)[ \t]*:/im;
const neverHasBody = /^HTTP\/[\d.]+[ \t]+(?:1\d\d|204|304)\b/;

function framed(
  { head, wireLength }: CopiedMessage,
  length: number,
  { isWhole, isFollowed }: MessagePlace,
): string {
  const isOpen = isFollowed && isWhole && !namesFraming.test(head) && !neverHasBody.test(head);
  if (isOpen) {
    const isBare = length === 0 && !head.startsWith("HTTP/");
    return isBare ? head : head.replace(/\r?\n\r?\n$/, `\r\nContent-Length: ${length}\r\n\r\n`);
  }
  return head.replace(lengthLine, (line, name: string, declared: string) => {
    const missing = isWhole ? 0 : Math.max(1, Number(declared) - wireLength);
    return length + missing === Number(declared) ? line : `${name}${length + missing}`;
  });
}

/** A WebSocket message as one frame. A client's is masked, with a mask of zeros: so it can be read in the packet's bytes. */
export function frameBytes({ opcode, body, from }: CopiedFrame): Buffer {
  const payload = body ?? new Uint8Array();
  const masked = from === "client" ? 0x80 : 0;
  const length = payload.length;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = 0x80 | opcode;
  head[1] = masked | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, Buffer.alloc(masked === 0 ? 0 : 4), payload]);
}
