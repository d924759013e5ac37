/** Reads a TLS ClientHello (RFC 8446 4.1.2) for what the server leg must repeat: the name asked for and the protocols offered. */

export interface ClientHello {
  readonly serverName: string | null;
  readonly protocols: readonly string[];
}

/** "more" = not whole yet; null = no ClientHello. */
export function readClientHello(bytes: Uint8Array): ClientHello | "more" | null {
  const handshake = joinRecords(bytes);
  if (handshake === null || handshake === "more") return handshake;
  return readHandshake(handshake);
}

const handshakeRecord = 0x16;
const clientHello = 1;
const serverNameExtension = 0;
const protocolsExtension = 16;
/** A ClientHello with post-quantum key shares is about 2 KiB; nothing sane is near this. */
const maxHello = 64 * 1024;
/** RFC 8446 5.1 and 5.2: 2^14 bytes and some for a cipher's expansion. */
const maxRecord = 16_384 + 256;

function joinRecords(bytes: Uint8Array): Uint8Array | "more" | null {
  const payloads: Uint8Array[] = [];
  let have = 0;
  let wanted = 4;
  for (let offset = 0; have < wanted; ) {
    const length = recordLength(bytes, offset);
    if (length === null || length === "more") return length;
    payloads.push(bytes.subarray(offset + 5, offset + 5 + length));
    have += length;
    offset += 5 + length;
    const joined = Buffer.concat(payloads);
    if (joined[0] !== clientHello) return null;
    if (have >= 4) wanted = 4 + joined.readUIntBE(1, 3);
    if (wanted > maxHello) return null;
  }
  return Buffer.concat(payloads).subarray(4, wanted);
}

/** Length of the handshake record at `offset`, once it is there whole. */
function recordLength(bytes: Uint8Array, offset: number): number | "more" | null {
  if (offset + 5 > bytes.length) return bytes.length > maxHello ? null : "more";
  if (bytes[offset] !== handshakeRecord || bytes[offset + 1] !== 3) return null;
  const length = uint16(bytes, offset + 3);
  if (length === 0 || length > maxRecord) return null;
  return offset + 5 + length > bytes.length ? "more" : length;
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function readHandshake(hello: Uint8Array): ClientHello | null {
  // legacy_version(2) random(32) session_id<0..32> cipher_suites<2..> compression<1..> extensions
  let at = 34;
  at += 1 + (hello[at] ?? 0);
  at += 2 + uint16(hello, at);
  at += 1 + (hello[at] ?? 0);
  if (at > hello.length) return null;
  let serverName: string | null = null;
  let protocols: string[] = [];
  const end = Math.min(hello.length, at + 2 + uint16(hello, at));
  at += 2;
  while (at + 4 <= end) {
    const type = uint16(hello, at);
    const length = uint16(hello, at + 2);
    const value = hello.subarray(at + 4, Math.min(end, at + 4 + length));
    if (type === serverNameExtension) serverName = readServerName(value);
    if (type === protocolsExtension) protocols = readProtocols(value);
    at += 4 + length;
  }
  return { serverName, protocols };
}

function readServerName(value: Uint8Array): string | null {
  if (value.length < 5 || value[2] !== 0) return null;
  const name = ascii(value.subarray(5, 5 + uint16(value, 3)));
  return /^[A-Za-z0-9_.-]{1,253}$/.test(name) ? name.toLowerCase() : null;
}

function readProtocols(value: Uint8Array): string[] {
  const names: string[] = [];
  for (let at = 2; at < value.length && names.length < 16; ) {
    const length = value[at] ?? 0;
    if (length === 0) break;
    names.push(ascii(value.subarray(at + 1, at + 1 + length)));
    at += 1 + length;
  }
  return names;
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.map((byte) => (byte < 0x20 || byte > 0x7e ? 0x3f : byte)));
}
