/**
 * Name constraints (RFC 5280, 4.2.1.10): what a root may vouch for. Chromium and Firefox enforce them on roots the user added, so a
 * stolen key is worthless elsewhere. Knows the extension's content; not who carries it.
 */
import { fail } from "../base/errors.ts";
import { type AltName, addressBytes, altNameOf } from "./alt-name.ts";
import {
  binary,
  childrenOf,
  contentOf,
  type Der,
  decode,
  encode,
  isTagged,
  sequence,
  tagged,
  taggedList,
} from "./der.ts";

/** A DNS suffix ("" is every name), or an address range as address then mask, 8 or 32 bytes. */
type Subtree =
  | { readonly kind: "dns"; readonly suffix: string }
  | { readonly kind: "ip"; readonly range: Uint8Array };

export interface NameConstraints {
  readonly permitted: readonly Subtree[];
  readonly excluded: readonly Subtree[];
}

const dnsTag = 2;
const ipTag = 7;
const everyName: Subtree = { kind: "dns", suffix: "" };
const everyAddress = (width: 4 | 16): Subtree => ({
  kind: "ip",
  range: new Uint8Array(2 * width),
});

/**
 * Constraints from `--ca-permit` entries: `ucce.local`, `10.1.0.0/16`, `10.1.2.3`, `2001:db8::/32`. A kind that is not listed is
 * excluded as a whole: with permitted DNS names alone, browsers let every IP address through. Fails with `config-invalid`.
 */
export function constraintsFor(permit: readonly string[]): NameConstraints {
  // Keyed and sorted by their bytes: neither order nor spelling of the entries makes another root.
  const keyed = permit.map((entry) => {
    const tree = subtreeOf(entry);
    return [binary(encode(generalSubtree(tree))), tree] as const;
  });
  const permitted = [...new Map(keyed.sort(([a], [b]) => (a < b ? -1 : 1))).values()];
  const has = (width: number): boolean =>
    permitted.some((tree) => tree.kind === "ip" && tree.range.length === 2 * width);
  return {
    permitted,
    excluded: [
      ...(permitted.some(({ kind }) => kind === "dns") ? [] : [everyName]),
      ...(has(4) ? [] : [everyAddress(4)]),
      ...(has(16) ? [] : [everyAddress(16)]),
    ],
  };
}

/** True when a root under these constraints may vouch for the name. */
export function permits(constraints: NameConstraints, name: AltName): boolean {
  if (constraints.excluded.some((tree) => covers(tree, name))) return false;
  const same = constraints.permitted.filter(({ kind }) => kind === name.kind);
  return same.length === 0 || same.some((tree) => covers(tree, name));
}

export function encodeConstraints(constraints: NameConstraints): Buffer {
  const lists = [constraints.permitted, constraints.excluded].map((trees) =>
    trees.map(generalSubtree),
  );
  return encode(
    sequence(...lists.flatMap((trees, tag) => (trees.length > 0 ? [taggedList(tag, trees)] : []))),
  );
}

/** Reads the extension's value; kinds of name other than DNS and IP are left out. */
export function decodeConstraints(bytes: Uint8Array): NameConstraints {
  const lists = childrenOf(decode(bytes));
  const read = (tag: number): Subtree[] =>
    lists
      .filter((list) => isTagged(list, tag))
      .flatMap((list) => childrenOf(list))
      .flatMap((subtree) => baseOf(childrenOf(subtree)[0]));
  return { permitted: read(0), excluded: read(1) };
}

function baseOf(base: Der | undefined): Subtree[] {
  if (base !== undefined && isTagged(base, dnsTag)) {
    return [{ kind: "dns", suffix: contentOf(base).toString("latin1").toLowerCase() }];
  }
  if (base !== undefined && isTagged(base, ipTag)) return [{ kind: "ip", range: contentOf(base) }];
  return [];
}

const generalSubtree = (tree: Subtree): Der =>
  sequence(
    tree.kind === "dns"
      ? tagged(dnsTag, Buffer.from(tree.suffix, "latin1"))
      : tagged(ipTag, tree.range),
  );

function covers(tree: Subtree, name: AltName): boolean {
  if (tree.kind === "dns") {
    const suffix = tree.suffix.replace(/^\./, "");
    return (
      name.kind === "dns" &&
      (suffix === "" || name.value === suffix || name.value.endsWith(`.${suffix}`))
    );
  }
  if (name.kind !== "ip") return false;
  const address = addressBytes(name.value);
  const width = tree.range.length / 2;
  return (
    address.length === width &&
    address.every((byte, at) => {
      const mask = tree.range[width + at] ?? 0;
      return (byte & mask) === ((tree.range[at] ?? 0) & mask);
    })
  );
}

function subtreeOf(entry: string): Subtree {
  const text = entry.trim();
  const [host = "", prefix] = text.split("/");
  const name = altNameOf(host.replace(/^\*?\./, ""));
  if (name?.kind === "dns" && prefix === undefined) return { kind: "dns", suffix: name.value };
  if (name?.kind === "ip" && text.split("/").length <= 2) {
    const address = addressBytes(name.value);
    const length = prefix === undefined ? address.length * 8 : prefixLength(prefix);
    if (length <= address.length * 8) return { kind: "ip", range: rangeOf(address, length) };
  }
  throw fail("config-invalid", {
    problem: `--ca-permit does not understand ${JSON.stringify(entry)}.`,
    remedy: "Give DNS names and address ranges, as in --ca-permit ucce.local,10.1.0.0/16",
  });
}

const prefixLength = (text: string): number =>
  /^\d{1,3}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;

function rangeOf(address: Uint8Array, length: number): Uint8Array {
  const width = address.length;
  const range = new Uint8Array(2 * width);
  for (let at = 0; at < width; at += 1) {
    const ones = Math.min(8, Math.max(0, length - 8 * at));
    const mask = (0xff << (8 - ones)) & 0xff;
    range[at] = (address[at] ?? 0) & mask;
    range[width + at] = mask;
  }
  return range;
}
