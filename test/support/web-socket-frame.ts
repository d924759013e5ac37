/** WebSocket frames as bytes, for scripts, written apart from the product's own code. */
import type { Peer } from "./peer.ts";

function frame(opcode: number, text: string, mask: number | null): Buffer {
  const payload = Buffer.from(text);
  const size =
    payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 255];
  const [length = 0, ...rest] = size;
  const first = 0x80 | opcode;
  if (mask === null) return Buffer.concat([Buffer.from([first, ...size]), payload]);
  const masked = payload.map((byte, at) => byte ^ (mask + (at & 3)));
  const key = [mask, mask + 1, mask + 2, mask + 3];
  return Buffer.concat([Buffer.from([first, length | 0x80, ...rest, ...key]), masked]);
}

export const serverFrame = (opcode: number, text: string): Buffer => frame(opcode, text, null);
export const clientFrame = (opcode: number, text: string): Buffer => frame(opcode, text, 0x31);

/** The next frame that the peer gets (shorter than 64 KiB). */
export async function readFrame(
  peer: Peer,
): Promise<{ readonly opcode: number; readonly masked: boolean; readonly text: string }> {
  const [first = 0, second = 0] = await peer.readBytes(2);
  const extended = (second & 127) === 126 ? await peer.readBytes(2) : null;
  const length = extended === null ? second & 127 : extended.readUInt16BE();
  const key = (second & 128) === 0 ? null : await peer.readBytes(4);
  const payload = await peer.readBytes(length);
  const plain = key === null ? payload : payload.map((byte, at) => byte ^ (key[at & 3] ?? 0));
  return { opcode: first & 15, masked: key !== null, text: Buffer.from(plain).toString() };
}
