/** A packet capture that ends before its first packet: tshark says nothing of it, and gives nothing. */
import { open } from "node:fs/promises";

const sectionType = 0x0a0d_0d0a;
const littleEndian = 0x1a2b_3c4d;
/** Of a pcap, before its first packet. */
const pcapHead = 24;

export async function hasTornHead(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(12), 0, 12, 0);
    if (bytesRead < 12) return true;
    if (buffer.readUInt32BE(0) !== sectionType) return size < pcapHead;
    const isLittle = buffer.readUInt32LE(8) === littleEndian;
    return size < (isLittle ? buffer.readUInt32LE(4) : buffer.readUInt32BE(4));
  } finally {
    await file.close();
  }
}
