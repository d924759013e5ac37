/** Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little endian. */

const blockType = {
  section: 0x0a0d0d0a,
  interface: 0x00000001,
  packet: 0x00000006,
  names: 0x00000004,
  secrets: 0x0000000a,
} as const;

const comment = 1;
const linkEthernet = 1;
const tlsKeyLog = 0x544c534b;

export interface Packet {
  /** Wall ms; fractions are kept down to the microsecond. */
  readonly at: number;
  /** Index of its interface. */
  readonly leg: number;
  readonly frame: Uint8Array;
  readonly comments: readonly string[];
}

/** `program`: what wrote it. */
export function sectionBlock(program: string, comments: readonly string[]): Buffer {
  const fixed = Buffer.alloc(16);
  fixed.writeUInt32LE(0x1a2b3c4d, 0);
  fixed.writeUInt16LE(1, 4);
  fixed.writeBigInt64LE(-1n, 8); // length of the section: not said
  return block(blockType.section, [
    fixed,
    options([...textOptions(comment, comments), [4, program]]),
  ]);
}

export function interfaceBlock(name: string, description: string): Buffer {
  const fixed = Buffer.alloc(8);
  fixed.writeUInt16LE(linkEthernet, 0);
  const microseconds = Buffer.from([6]);
  return block(blockType.interface, [
    fixed,
    options([
      [2, name],
      [3, description],
      [9, microseconds],
    ]),
  ]);
}

export function packetBlock({ at, leg, frame, comments }: Packet): Buffer {
  const fixed = Buffer.alloc(20);
  const micros = BigInt(Math.max(0, Math.round(at * 1000)));
  fixed.writeUInt32LE(leg, 0);
  fixed.writeUInt32LE(Number(micros >> 32n), 4);
  fixed.writeUInt32LE(Number(micros & 0xffffffffn), 8);
  fixed.writeUInt32LE(frame.length, 12);
  fixed.writeUInt32LE(frame.length, 16);
  const said = comments.length === 0 ? none : options(textOptions(comment, comments));
  return block(blockType.packet, [fixed, padded(frame), said]);
}

/** What an address is called. */
export function namesBlock(address: Uint8Array, name: string): Buffer {
  const record = Buffer.concat([address, Buffer.from(`${name}\0`, "utf8")]);
  const head = Buffer.alloc(4);
  head.writeUInt16LE(address.length === 4 ? 1 : 2, 0);
  head.writeUInt16LE(record.length, 2);
  return block(blockType.names, [head, padded(record), Buffer.alloc(4)]);
}

/** TLS keys in the format of NSS; must stand before the packets they are for. */
export function secretsBlock(keyLog: Uint8Array): Buffer {
  const fixed = Buffer.alloc(8);
  fixed.writeUInt32LE(tlsKeyLog, 0);
  fixed.writeUInt32LE(keyLog.length, 4);
  return block(blockType.secrets, [fixed, padded(keyLog)]);
}

type Option = readonly [code: number, value: string | Uint8Array];

const textOptions = (code: number, texts: readonly string[]): Option[] =>
  texts.map((text) => [code, text]);

/** An option's length has 16 bits. */
const maxOption = 0xfff0;
const none = Buffer.alloc(0);

function options(list: readonly Option[]): Buffer {
  const parts = list.map(([code, value]) => {
    const bytes = Buffer.from(value as string, "utf8").subarray(0, maxOption);
    const head = Buffer.alloc(4);
    head.writeUInt16LE(code, 0);
    head.writeUInt16LE(bytes.length, 2);
    return Buffer.concat([head, padded(bytes)]);
  });
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

function padded(bytes: Uint8Array): Uint8Array {
  const missing = -bytes.length & 3;
  return missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing)]);
}

function block(type: number, parts: readonly Uint8Array[]): Buffer {
  const length = 12 + parts.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, ...parts, head.subarray(4)]);
}
