/** Mints the certificate shown to a client for one host. The key it certifies lives in this process only, never on disk. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import tls from "node:tls";
import { type AltName, addressBytes } from "./alt-name.ts";
import {
  distinguishedName,
  type Extension,
  extensionIds,
  type IssuerParts,
  issueCertificate,
  keyIdentifier,
  pemOf,
} from "./certificate.ts";
import { bits, encode, objectId, octets, sequence, tagged } from "./der.ts";
import { backDateMs } from "./root.ts";

/** A certificate for one host, ready to be shown. */
export interface Leaf {
  /** For server sides of TLS, 1.2 and up; ALPN is the caller's. Resumption works while this same context is used. */
  readonly secureContext: tls.SecureContext;
  /** Subject alternative names, the host's first. */
  readonly names: readonly string[];
  /** The leaf, then the root: Chromium finds a root it was told of by hash only in what is sent. */
  readonly pem: string;
}

/** One per process, shared by all leaves: P-256. */
export interface LeafKey {
  readonly publicKey: KeyObject;
  readonly identifier: Buffer;
  readonly pem: string;
}

export interface Issuer extends IssuerParts {
  readonly key: KeyObject;
  readonly pem: string;
  readonly notAfterMs: number;
}

export interface MintedLeaf extends Leaf {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** Browsers refuse public leaves over 398 days, and 200 from 2026; ours stay under what any of them may ask of local ones. */
const validMs = 199 * 86_400_000;

export function makeLeafKey(): LeafKey {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const publicKey = createPublicKey(privateKey);
  return {
    publicKey,
    identifier: keyIdentifier(publicKey),
    pem: privateKey.export({ type: "pkcs8", format: "pem" }),
  };
}

/** `names` must not be empty; the first is the host's. A leaf never outlives its issuer. */
export function mintLeaf(
  issuer: Issuer,
  leafKey: LeafKey,
  names: readonly [AltName, ...AltName[]],
  wallMs: number,
): MintedLeaf {
  // Whole seconds, as certificates count, so that the term is exact.
  const notBeforeMs = Math.floor((wallMs - backDateMs) / 1000) * 1000;
  const notAfterMs = Math.min(notBeforeMs + validMs - 1000, issuer.notAfterMs);
  const certificate = issueCertificate(
    {
      subject: distinguishedName([["CN", commonName(names[0])]]),
      issuer: issuer.subject,
      publicKey: leafKey.publicKey,
      notBefore: new Date(notBeforeMs),
      notAfter: new Date(notAfterMs),
      extensions: leafExtensions(issuer, leafKey, names),
    },
    issuer.key,
  );
  const pem = pemOf(certificate) + issuer.pem;
  return {
    secureContext: tls.createSecureContext({
      key: leafKey.pem,
      cert: pem,
      minVersion: "TLSv1.2",
      sessionIdContext: "boshscope",
    }),
    names: names.map(({ value }) => value),
    pem,
    notBeforeMs,
    notAfterMs,
  };
}

function leafExtensions(
  issuer: Issuer,
  leafKey: LeafKey,
  names: readonly AltName[],
): readonly Extension[] {
  return [
    { id: extensionIds.basicConstraints, critical: true, value: encode(sequence()) },
    // digitalSignature: bit 0.
    { id: extensionIds.keyUsage, critical: true, value: encode(bits(Buffer.from([0x80]), 7)) },
    {
      id: extensionIds.extendedKeyUsage,
      critical: false,
      value: encode(sequence(objectId("1.3.6.1.5.5.7.3.1"))),
    },
    {
      id: extensionIds.subjectAltName,
      critical: false,
      value: encode(sequence(...names.map(generalName))),
    },
    {
      id: extensionIds.subjectKeyIdentifier,
      critical: false,
      value: encode(octets(leafKey.identifier)),
    },
    ...(issuer.keyIdentifier === null
      ? []
      : [
          {
            id: extensionIds.authorityKeyIdentifier,
            critical: false,
            value: encode(sequence(tagged(0, issuer.keyIdentifier))),
          },
        ]),
  ];
}

const generalName = (name: AltName) =>
  name.kind === "dns"
    ? tagged(2, Buffer.from(name.value, "latin1"))
    : tagged(7, addressBytes(name.value));

/**
 * X.520 allows 64 characters. The space keeps an address from passing for a DNS name: OpenSSL checks a common name that looks like
 * one against the root's name constraints when the certificate holds no DNS name.
 */
const commonName = (name: AltName): string =>
  (name.kind === "ip" ? `IP ${name.value}` : name.value).slice(0, 64);
