/** A `_w.txt`: FiddlerCore's list of WebSocket messages, each a head of lines and a frame. What is not understood ends the list. */
import type { CopiedFrame } from "../exchange-copy.ts";

export function readFrameList(bytes: Buffer, atWall: number): CopiedFrame[] {
  const frames: CopiedFrame[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf("\r\n\r\n", at);
    if (end < 0) break;
    const head = bytes.toString("latin1", at, end);
    const length = /(Request|Response)-Length:\s*(\d{1,9})/i.exec(head);
    if (length === null) break;
    const start = end + 4;
    const stop = start + Number(length[2]);
    const wall = Date.parse(
      /DoneRead:\s*(\S+)/i.exec(head)?.[1]?.replace(/(\.\d{3})\d+/, "$1") ?? "",
    );
    const message = frameIn(bytes.subarray(start, stop));
    if (message !== null) {
      const from = length[1]?.toLowerCase() === "request" ? "client" : "server";
      frames.push({ ...message, from, atWall: Number.isNaN(wall) ? atWall : wall });
    }
    at = stop + 2;
  }
  return frames;
}

/** A frame with its header, masked or not. null = no frame. */
function frameIn(bytes: Buffer): Pick<CopiedFrame, "opcode" | "length" | "body" | "cut"> | null {
  if (bytes.length < 2) return null;
  const opcode = (bytes[0] ?? 0) & 0x0f;
  const isMasked = ((bytes[1] ?? 0) & 0x80) !== 0;
  const short = (bytes[1] ?? 0) & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const start = 2 + lengthBytes + (isMasked ? 4 : 0);
  if (bytes.length < start) return null;
  const length =
    lengthBytes === 0
      ? short
      : bytes.readUIntBE(lengthBytes === 8 ? 4 : 2, Math.min(6, lengthBytes));
  const body = Buffer.from(bytes.subarray(start, start + length));
  if (isMasked) unmask(body, bytes.subarray(start - 4, start));
  return { opcode, length, body, cut: body.length < length };
}

function unmask(body: Buffer, mask: Buffer): void {
  for (let at = 0; at < body.length; at++) body[at] = (body[at] ?? 0) ^ (mask[at % 4] ?? 0);
}
