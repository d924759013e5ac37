/** One TCP segment as an Ethernet frame, with IPv4 or IPv6 and all checksums (RFC 791, 8200, 9293). */

export interface Endpoint {
  /** 4 bytes or 16; both ends of a segment have the same. */
  readonly address: Uint8Array;
  readonly port: number;
  readonly mac: Uint8Array;
}

export const flag = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const;

export interface Segment {
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** Absolute; wrap at 2^32. */
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  /** IPv4's identification. */
  readonly id: number;
  readonly payload: Uint8Array;
}

const ethernetBytes = 14;
const tcpBytes = 20;
/** MSS, no operation, window scale: what every client offers. Without the scale, large answers would fill the window. */
const windowScale = 7;
const synOptions = (mss: number): Buffer =>
  Buffer.from([2, 4, mss >> 8, mss & 0xff, 1, 3, 3, windowScale]);

/** Largest payload that keeps an Ethernet frame within 1500 bytes. */
export const mssFor = (address: Uint8Array): number => 1500 - ipBytes(address) - tcpBytes;

const ipBytes = (address: Uint8Array): number => (address.length === 4 ? 20 : 40);

export function tcpFrame(segment: Segment): Buffer {
  const { from, to, payload, flags } = segment;
  const isSyn = (flags & flag.syn) !== 0;
  const options = isSyn ? synOptions(mssFor(from.address)) : Buffer.alloc(0);
  const ipLength = ipBytes(from.address);
  const tcpLength = tcpBytes + options.length + payload.length;
  const frame = Buffer.alloc(ethernetBytes + ipLength + tcpLength);
  frame.set(to.mac, 0);
  frame.set(from.mac, 6);
  frame.writeUInt16BE(ipLength === 20 ? 0x0800 : 0x86dd, 12);
  const ip = frame.subarray(ethernetBytes, ethernetBytes + ipLength);
  if (ipLength === 20) writeIpv4(ip, segment, tcpLength);
  else writeIpv6(ip, segment, tcpLength);
  const tcp = frame.subarray(ethernetBytes + ipLength);
  tcp.set(options, tcpBytes);
  tcp.set(payload, tcpBytes + options.length);
  writeTcp(tcp, segment, tcpBytes + options.length);
  return frame;
}

const protocolTcp = 6;
const timeToLive = 64;

function writeIpv4(ip: Buffer, { from, to, id }: Segment, tcpLength: number): void {
  ip[0] = 0x45;
  ip.writeUInt16BE(20 + tcpLength, 2);
  ip.writeUInt16BE(id & 0xffff, 4);
  ip.writeUInt16BE(0x4000, 6); // don't fragment
  ip[8] = timeToLive;
  ip[9] = protocolTcp;
  ip.set(from.address, 12);
  ip.set(to.address, 16);
  ip.writeUInt16BE(checksum(sumOf(ip)), 10);
}

function writeIpv6(ip: Buffer, { from, to }: Segment, tcpLength: number): void {
  ip[0] = 0x60;
  ip.writeUInt16BE(tcpLength, 4);
  ip[6] = protocolTcp;
  ip[7] = timeToLive;
  ip.set(from.address, 8);
  ip.set(to.address, 24);
}

function writeTcp(tcp: Buffer, segment: Segment, headLength: number): void {
  const { from, to, seq, ack, flags } = segment;
  tcp.writeUInt16BE(from.port, 0);
  tcp.writeUInt16BE(to.port, 2);
  tcp.writeUInt32BE(seq >>> 0, 4);
  tcp.writeUInt32BE((flags & flag.ack) === 0 ? 0 : ack >>> 0, 8);
  tcp[12] = (headLength / 4) << 4;
  tcp[13] = flags;
  tcp.writeUInt16BE(0xffff, 14);
  // The pseudo header of both IP versions sums to the same terms.
  const pseudo = sumOf(from.address) + sumOf(to.address) + protocolTcp + tcp.length;
  tcp.writeUInt16BE(checksum(pseudo + sumOf(tcp)), 16);
}

/** Of 16-bit words, big endian, the last one padded with zero. */
function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2)
    sum += ((bytes[at] ?? 0) << 8) + (bytes[at + 1] ?? 0);
  return sum;
}

/** The ones' complement of the ones' complement sum (RFC 1071). */
function checksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}
