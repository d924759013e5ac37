/** Which network interfaces and addresses came or went. */
import type { NetworkInterfaceInfo } from "node:os";

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** `eth0 10.1.2.3` of each address that is not only this machine's. */
export function addressesOf(interfaces: Interfaces): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [name, entries] of Object.entries(interfaces)) {
    for (const { internal, address } of entries ?? [])
      if (!internal) found.add(`${name} ${address}`);
  }
  return found;
}

/** In words, such as `lost wlan0 10.1.2.3; gained eth0 10.1.2.9`; null = no change. */
export function networkChange(
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
): string | null {
  const lost = missing(before, after).map((address) => `lost ${address}`);
  const gained = missing(after, before).map((address) => `gained ${address}`);
  const changes = [...lost, ...gained];
  return changes.length === 0 ? null : changes.slice(0, 8).join("; ");
}

const missing = (from: ReadonlySet<string>, other: ReadonlySet<string>): string[] =>
  [...from].filter((address) => !other.has(address));
