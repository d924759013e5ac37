/**
 * Writes and signs X.509 certificates. node-forge builds the part to be signed; it knows no elliptic curves and signs in slow
 * JavaScript, so the public key is put in as DER from node:crypto, which also signs (0.9 ms instead of 200 for a leaf).
 */
import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from "node:crypto";
import forge from "node-forge";
import { fail } from "../base/errors.ts";
import {
  binary,
  bits,
  childrenOf,
  contentOf,
  type Der,
  decode,
  encode,
  isTagged,
  nothing,
  objectId,
  sequence,
} from "./der.ts";

export interface Extension {
  readonly id: string;
  readonly critical: boolean;
  /** The DER inside the extension's octet string. */
  readonly value: Uint8Array;
}

export interface CertificateRequest {
  readonly subject: Der;
  readonly issuer: Der;
  readonly publicKey: KeyObject;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly Extension[];
}

export const extensionIds = {
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  nameConstraints: "2.5.29.30",
  authorityKeyIdentifier: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
} as const;

const attributeIds = { CN: "2.5.4.3", O: "2.5.4.10", OU: "2.5.4.11" } as const;

/** A subject as DER; values are UTF-8, since `_` and `*` have no place in a PrintableString. */
export const distinguishedName = (
  parts: readonly (readonly [keyof typeof attributeIds, string])[],
): Der =>
  sequence(
    ...parts.map(([attribute, text]) =>
      forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.SET, true, [
        sequence(
          objectId(attributeIds[attribute]),
          forge.asn1.create(
            forge.asn1.Class.UNIVERSAL,
            forge.asn1.Type.UTF8,
            false,
            binary(Buffer.from(text, "utf8")),
          ),
        ),
      ]),
    ),
  );

/** The certificate as DER, signed with the issuer's RSA or P-256 key. */
export function issueCertificate(request: CertificateRequest, signer: KeyObject): Buffer {
  const draft = forge.pki.createCertificate();
  draft.serialNumber = serialNumber();
  draft.validity.notBefore = request.notBefore;
  draft.validity.notAfter = request.notAfter;
  draft.publicKey = placeholderKey;
  draft.signatureOid = sha256WithRsa;
  draft.siginfo.algorithmOid = sha256WithRsa;
  draft.setExtensions(
    request.extensions.map(({ id, critical, value }) => ({ id, critical, value: binary(value) })),
  );
  const algorithm = signatureAlgorithm(signer);
  const parts = [...childrenOf(forge.pki.getTBSCertificate(draft))];
  parts[2] = algorithm;
  parts[3] = request.issuer;
  parts[5] = request.subject;
  parts[6] = decode(request.publicKey.export({ type: "spki", format: "der" }));
  const toBeSigned = sequence(...parts);
  return encode(sequence(toBeSigned, algorithm, bits(sign("sha256", encode(toBeSigned), signer))));
}

export const pemOf = (der: Uint8Array): string =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der)
    .toString("base64")
    .replace(/(.{64})(?=.)/g, "$1\n")}\n-----END CERTIFICATE-----\n`;

/** SHA-1 of the public key's bits (RFC 5280, 4.2.1.2, method 1). It names a key, it protects nothing. */
export function keyIdentifier(key: KeyObject): Buffer {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  return createHash("sha1").update(publicKeyBits(publicKey)).digest();
}

/** What a leaf takes over from its issuer's certificate. */
export interface IssuerParts {
  readonly subject: Der;
  /** Content of the subject key identifier; null where the issuer has none. */
  readonly keyIdentifier: Buffer | null;
  /** DER of the name constraints; null for an unlimited issuer. */
  readonly nameConstraints: Buffer | null;
}

/** Reads a certificate that `X509Certificate` has already accepted. */
export function issuerParts(der: Uint8Array): IssuerParts {
  const parts = childrenOf(childrenOf(decode(der))[0]);
  const subject = parts[5];
  if (subject === undefined) throw fail("internal", { why: "a certificate without a subject" });
  const wrapped = parts.find((part) => isTagged(part, 3));
  const extensions = wrapped === undefined ? [] : childrenOf(childrenOf(wrapped)[0]);
  const valueOf = (id: string): Buffer | null => {
    const wanted = contentOf(objectId(id));
    const found = extensions.find((extension) =>
      contentOf(childrenOf(extension)[0]).equals(wanted),
    );
    return found === undefined ? null : contentOf(childrenOf(found).at(-1));
  };
  const identifier = valueOf(extensionIds.subjectKeyIdentifier);
  return {
    subject,
    keyIdentifier: identifier === null ? null : contentOf(decode(identifier)),
    nameConstraints: valueOf(extensionIds.nameConstraints),
  };
}

/** 128 random bits; the first byte keeps the number positive and without a leading zero byte, which OpenSSL refuses. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f);
  return bytes.toString("hex");
}

const sha256WithRsa = "1.2.840.113549.1.1.11";
const sha256WithEcdsa = "1.2.840.10045.4.3.2";

/** forge insists on an RSA key while it builds; this one is replaced before anything is signed. */
const placeholderKey = forge.pki.rsa.setPublicKey(
  new forge.jsbn.BigInteger("3"),
  new forge.jsbn.BigInteger("3"),
);

const signatureAlgorithm = (signer: KeyObject): Der =>
  signer.asymmetricKeyType === "ec"
    ? sequence(objectId(sha256WithEcdsa))
    : sequence(objectId(sha256WithRsa), nothing());

function publicKeyBits(key: KeyObject): Buffer {
  if (key.asymmetricKeyType === "rsa") return key.export({ type: "pkcs1", format: "der" });
  const { x = "", y = "" } = key.export({ format: "jwk" });
  return Buffer.concat([
    Buffer.from([4]),
    Buffer.from(x, "base64url"),
    Buffer.from(y, "base64url"),
  ]);
}
