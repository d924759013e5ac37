/** IP addresses as bytes. Names without a known address get one of the network for benchmarks (RFC 2544), the same each time. */
import { isIPv4, isIPv6 } from "node:net";

/** null = no IP address. A zone is left out, and `::ffff:10.0.0.1` is the IPv4 address it stands for. */
export function addressBytes(text: string): Uint8Array | null {
  const [bare = ""] = text.replace(/^\[|\]$/g, "").split("%", 1);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (isIPv4(mapped ?? bare)) return Uint8Array.from((mapped ?? bare).split("."), Number);
  return isIPv6(bare) ? ipv6Bytes(bare) : null;
}

function ipv6Bytes(text: string): Uint8Array {
  const [before = "", after] = withoutDots(text).split("::");
  const groups = (part: string): number[] =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  const [head, tail] = [groups(before), groups(after ?? "")];
  const middle = Array.from({ length: 8 - head.length - tail.length }, () => 0);
  const bytes = new Uint8Array(16);
  for (const [at, group] of [...head, ...middle, ...tail].entries()) {
    bytes[2 * at] = group >> 8;
    bytes[2 * at + 1] = group & 0xff;
  }
  return bytes;
}

/** The last 32 bits may be written as an IPv4 address. */
function withoutDots(text: string): string {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (dotted === null) return text;
  const [a = 0, b = 0, c = 0, d = 0] = dotted.slice(1).map(Number);
  const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
  return text.slice(0, dotted.index) + hex;
}

/** IPv4 as IPv6 writes it: where the two ends of a conversation differ in kind. */
export function asIpv6(address: Uint8Array): Uint8Array {
  if (address.length === 16) return address;
  const mapped = new Uint8Array(16);
  mapped.set([0xff, 0xff, ...address], 10);
  return mapped;
}

export class MadeUpAddresses {
  readonly #known = new Map<string, Uint8Array>();

  of(name: string): Uint8Array {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const number = this.#known.size + 1;
    const address = Uint8Array.from([
      198,
      18 + ((number >> 16) & 1),
      (number >> 8) & 0xff,
      number & 0xff,
    ]);
    this.#known.set(name, address);
    return address;
  }
}
