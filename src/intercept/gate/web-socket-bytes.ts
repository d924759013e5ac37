/** Writes one WebSocket frame (RFC 6455 5.2), masked when it comes from a client. */

export interface FrameToWrite {
  readonly opcode: number;
  readonly payload: Uint8Array;
  /** Four bytes, or null for a server's frame. */
  readonly key: Uint8Array | null;
}

export function frameBytes({ opcode, payload, key }: FrameToWrite): Uint8Array {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = new Uint8Array(2 + extended + (key === null ? 0 : 4));
  head[0] = 0x80 | opcode;
  head[1] = (key === null ? 0 : 0x80) | (extended === 0 ? length : extended === 2 ? 126 : 127);
  const view = new DataView(head.buffer);
  if (extended === 2) view.setUint16(2, length);
  if (extended === 8) view.setBigUint64(2, BigInt(length));
  const frame = new Uint8Array(head.length + length);
  if (key !== null) head.set(key, head.length - 4);
  frame.set(head);
  for (let at = 0; at < length; at++)
    frame[head.length + at] = (payload[at] ?? 0) ^ (key === null ? 0 : (key[at & 3] ?? 0));
  return frame;
}
