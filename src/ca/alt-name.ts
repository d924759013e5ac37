/**
 * Which texts may stand in a certificate as a DNS name or an IP address, and in what form. Hosts come from the client and
 * names from the server's certificate: both are hostile, so whatever is not plainly a name is no name.
 */
import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import forge from "node-forge";
import { bytesOf } from "./der.ts";

export type AltName =
  | { readonly kind: "dns"; readonly value: string }
  | { readonly kind: "ip"; readonly value: string };

/** Stands in for a host that no certificate can name; `.invalid` is reserved (RFC 6761), so it belongs to nobody. */
export const unnamable: AltName = { kind: "dns", value: "unnamable-host.invalid" };

/** Names taken over from the server's certificate; more would only fatten each handshake. */
export const maxExtraNames = 50;

/** The name for a host as a client writes it: `fin1.corp`, `10.1.0.4`, `[::1]`, `bücher.example`; null if it is none. */
export function altNameOf(host: string): AltName | null {
  if (host.length > 320) return null;
  const address = addressOf(host);
  if (address !== null) return { kind: "ip", value: address };
  const value = dnsNameOf(host);
  return value === null ? null : { kind: "dns", value };
}

/** Like `altNameOf`, but wildcards pass when at least two labels follow: browsers refuse a whole leaf over `*.local`. */
export function serverNameOf(name: string): AltName | null {
  if (!name.startsWith("*.")) return altNameOf(name);
  const rest = name.length > 320 ? null : dnsNameOf(name.slice(2));
  return rest?.includes(".") ? { kind: "dns", value: `*.${rest}` } : null;
}

/** The usable names among `names`, without repeats and without `own`. */
export function serverNames(names: readonly string[], own: AltName): AltName[] {
  const kept = new Map<string, AltName>();
  for (const text of names) {
    const name = serverNameOf(text);
    if (name !== null && name.value !== own.value) kept.set(name.value, name);
    if (kept.size === maxExtraNames) break;
  }
  return [...kept.values()];
}

/** Four or sixteen bytes of an address in the form `altNameOf` gives. */
export const addressBytes = (address: string): Buffer =>
  bytesOf(forge.util.bytesFromIP(address) ?? "");

function addressOf(host: string): string | null {
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  // isIP accepts a zone (fe80::1%eth0), which is local to one machine and has no place in a certificate.
  const [address = ""] = bare.split("%", 1);
  if (isIP(address) === 4) return address;
  // The URL parser writes all hex groups out without dotted quads: the only form forge turns into the right bytes.
  return isIP(address) === 6 ? new URL(`http://[${address}]`).hostname.slice(1, -1) : null;
}

function dnsNameOf(host: string): string | null {
  // Punycode, or "" for what has none; not for ASCII text, since it would turn `1.2.3` into an address.
  const plain = /^[\x21-\x7e]+$/.test(host) ? host : domainToASCII(host);
  const name = plain.toLowerCase().replace(/\.$/, "");
  if (name.length > 253) return null;
  const labels = name.split(".");
  // Underscores are no host-name characters, but Windows machines have them and browsers accept them.
  if (!labels.every((label) => /^[a-z0-9_-]{1,63}$/.test(label))) return null;
  // `1.2.3` and `0x7f` are addresses to a browser, never names.
  return /^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "") ? null : name;
}
