/** The root CA and the leaves it vouches for, by host and port. Leaves live in memory; only the root touches the disk. */
import { type KeyObject, type X509Certificate } from "node:crypto";
import { resolve } from "node:path";
import type { Clock } from "../base/clock.ts";
import { fail } from "../base/errors.ts";
import { type AltName, altNameOf, maxExtraNames, serverNames, unnamable } from "./alt-name.ts";
import { issuerParts, pemOf } from "./certificate.ts";
import { type Issuer, type Leaf, type MintedLeaf, makeLeafKey, mintLeaf } from "./leaf.ts";
import { createLeafCache } from "./leaf-cache.ts";
import {
  constraintsFor,
  decodeConstraints,
  encodeConstraints,
  type NameConstraints,
  permits,
} from "./name-constraints.ts";
import { makeRoot } from "./root.ts";
import { openRootFiles } from "./root-files.ts";

export type { Leaf } from "./leaf.ts";

export interface Authority {
  readonly certificatePem: string;
  readonly certificateDer: Uint8Array;
  /** SHA-256 of the certificate, `AA:BB:…`, as trust stores show it. */
  readonly fingerprint256: string;
  /** The common name, by which trust stores list the root. */
  readonly subject: string;
  readonly validTo: Date;
  /** Where `boshscope-ca.pem` lies; `.cer` and `.key` lie beside it. */
  readonly path: string;
  /**
   * The leaf for a host as the client wrote it, minted (2 ms) or from the cache of 1,000. `extraNames` are the names in the real
   * server's certificate; unusable ones, and those the root may not vouch for, are left out. Never throws on a hostile host.
   */
  leafFor(host: string, port: number, extraNames: readonly string[]): Leaf;
  /** True when a leaf that knows the server's names is cached, so the server need not be dialled before the client's handshake. */
  hasLeaf(host: string, port: number): boolean;
}

interface CachedLeaf {
  readonly leaf: MintedLeaf;
  readonly extra: readonly AltName[];
  readonly serverKnown: boolean;
}

const cachedLeaves = 1000;
/** Pages stay open for a shift; a leaf must not end in the middle of one. */
const renewBeforeMs = 7 * 86_400_000;

/**
 * Opens the root CA in `dir`, making it at first run. `permit` (`--ca-permit`) limits a new root to those names and addresses for
 * good. Fails with `ca-unreadable`, `ca-expired`, `certs-dir-unusable`, or `config-invalid` when `permit` is not the root's.
 */
export async function openAuthority(
  dir: string,
  options: { clock: Clock; permit?: readonly string[] },
): Promise<Authority> {
  const { clock } = options;
  const permit = (options.permit ?? []).filter((entry) => entry.trim() !== "");
  const wanted = permit.length > 0 ? constraintsFor(permit) : null;
  const folder = resolve(dir);
  const root = await openRootFiles(folder, () => makeRoot(clock.wall(), wanted));
  const { certificate } = root;
  const parts = issuerParts(certificate.raw);
  checkTerm(certificate, folder, clock.wall());
  checkPermit(wanted, parts.nameConstraints, folder);
  const issuer = issuerOf(certificate, root.key);
  return {
    certificatePem: root.certificatePem,
    certificateDer: new Uint8Array(certificate.raw),
    fingerprint256: certificate.fingerprint256,
    subject: commonNameOf(certificate),
    validTo: new Date(issuer.notAfterMs),
    path: root.path,
    ...createLeaves(issuer, clock),
  };
}

function createLeaves(issuer: Issuer, clock: Clock): Pick<Authority, "leafFor" | "hasLeaf"> {
  const leafKey = makeLeafKey();
  const cache = createLeafCache<CachedLeaf>(cachedLeaves);
  // The first leaf of a process takes 8 ms instead of 1, all of it first-time work: done here, no client waits for it.
  mintLeaf(issuer, leafKey, [unnamable], clock.wall());
  const constraints =
    issuer.nameConstraints === null ? null : decodeConstraints(issuer.nameConstraints);
  const isFresh = ({ leaf }: CachedLeaf): boolean => {
    const wall = clock.wall();
    // A leaf cut short by the root's own end can't be renewed to anything longer.
    const renewAt =
      leaf.notAfterMs === issuer.notAfterMs
        ? Number.POSITIVE_INFINITY
        : leaf.notAfterMs - renewBeforeMs;
    return wall >= leaf.notBeforeMs && wall < renewAt;
  };
  return {
    leafFor: (host, port, extraNames) => {
      const own = altNameOf(host) ?? unnamable;
      const key = cacheKey(own, port);
      const cached = cache.get(key);
      const extra = mergeNames(
        cached?.extra ?? [],
        allowed(serverNames(extraNames, own), constraints),
      );
      const serverKnown = extraNames.length > 0 || cached?.serverKnown === true;
      const same = cached !== undefined && extra.length === cached.extra.length && isFresh(cached);
      if (same && serverKnown === cached.serverKnown) return cached.leaf;
      const leaf = same ? cached.leaf : mintLeaf(issuer, leafKey, [own, ...extra], clock.wall());
      cache.set(key, { leaf, extra, serverKnown });
      return leaf;
    },
    hasLeaf: (host, port) => {
      const cached = cache.peek(cacheKey(altNameOf(host) ?? unnamable, port));
      return cached !== undefined && cached.serverKnown && isFresh(cached);
    },
  };
}

/** Names that no certificate can hold share one leaf; nothing of the client's text is kept. */
const cacheKey = (own: AltName, port: number): string => `${own.value}|${port}`;

const allowed = (names: AltName[], constraints: NameConstraints | null): AltName[] =>
  constraints === null ? names : names.filter((name) => permits(constraints, name));

/** Known names stay first, so that two servers behind one host with full lists do not displace each other for ever. */
function mergeNames(known: readonly AltName[], added: readonly AltName[]): readonly AltName[] {
  const values = new Set(known.map(({ value }) => value));
  return [...known, ...added.filter(({ value }) => !values.has(value))].slice(0, maxExtraNames);
}

function issuerOf(certificate: X509Certificate, key: KeyObject): Issuer {
  return {
    ...issuerParts(certificate.raw),
    key,
    pem: pemOf(certificate.raw),
    notAfterMs: Date.parse(certificate.validTo),
  };
}

function checkTerm(certificate: X509Certificate, path: string, wallMs: number): void {
  if (wallMs > Date.parse(certificate.validTo)) {
    throw fail("ca-expired", { path, until: certificate.validTo });
  }
  if (wallMs < Date.parse(certificate.validFrom)) {
    const why = `it is valid from ${certificate.validFrom} on, so this computer's clock is slow`;
    throw fail("ca-unreadable", { path, why });
  }
}

/** Compares what was asked for with what the root on disk says; a root without limits must not pass for a limited one. */
function checkPermit(wanted: NameConstraints | null, found: Buffer | null, path: string): void {
  if (wanted === null || found?.equals(encodeConstraints(wanted))) return;
  throw fail("config-invalid", {
    problem: `--ca-permit names other limits than the root CA in ${path} was made with.`,
    remedy:
      "Leave --ca-permit out to use that CA, or move its files away to have a new one made; browsers must then trust the new one.",
  });
}

function commonNameOf(certificate: X509Certificate): string {
  const line = certificate.subject.split("\n").find((part) => part.startsWith("CN="));
  return line?.slice(3) ?? certificate.subject;
}
