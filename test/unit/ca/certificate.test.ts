import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from "node:crypto";
import { expect, test } from "vitest";
import {
  distinguishedName,
  extensionIds,
  issueCertificate,
  issuerParts,
  keyIdentifier,
  pemOf,
} from "../../../src/ca/certificate.ts";
import { childrenOf, contentOf, decode, encode, octets, sequence } from "../../../src/ca/der.ts";

const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });

function issue(publicKey: KeyObject, signer: KeyObject): Buffer {
  const name = distinguishedName([
    ["O", "Prüfung_*"],
    ["CN", "a test"],
  ]);
  const extensions = [
    {
      id: extensionIds.subjectKeyIdentifier,
      critical: false,
      value: encode(octets(Buffer.from("me"))),
    },
    { id: extensionIds.basicConstraints, critical: true, value: encode(sequence()) },
  ];
  const notBefore = new Date("2026-01-02T03:04:05Z");
  const notAfter = new Date("2055-01-02T03:04:05Z");
  return issueCertificate(
    { subject: name, issuer: name, publicKey, notBefore, notAfter, extensions },
    signer,
  );
}

test.each([
  ["P-256 signed by P-256", ec, ec],
  ["P-256 signed by RSA", ec, rsa],
  ["RSA signed by P-256", rsa, ec],
])("%s verifies in OpenSSL", (_, subject, signer) => {
  const certificate = new X509Certificate(issue(subject.publicKey, signer.privateKey));
  expect(certificate.verify(signer.publicKey)).toBe(true);
  expect(certificate.verify(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey)).toBe(
    false,
  );
  expect(certificate.checkPrivateKey(subject.privateKey)).toBe(true);
  expect(certificate.subject).toBe("O=Prüfung_*\nCN=a test");
  // Past 2049 the date changes its ASN.1 type.
  expect(certificate.validTo).toBe("Jan  2 03:04:05 2055 GMT");
});

test("2,000 serials are positive, 16 bytes, free of padding, and all differ", () => {
  const seen = new Set<string>();
  for (let round = 0; round < 2000; round += 1) {
    const der = issue(ec.publicKey, ec.privateKey);
    const serial = contentOf(childrenOf(childrenOf(decode(der))[0])[1]);
    expect(serial).toHaveLength(16);
    expect(serial[0]).toBeGreaterThanOrEqual(0x40);
    expect(serial[0]).toBeLessThan(0x80);
    // OpenSSL parses the whole, so malformed DER anywhere in it throws.
    seen.add(new X509Certificate(der).serialNumber);
  }
  expect(seen.size).toBe(2000);
});

test("a key identifier is the SHA-1 of the key's bits", () => {
  const spki = ec.publicKey.export({ type: "spki", format: "der" });
  const expected = createHash("sha1").update(spki.subarray(-65)).digest();
  expect(keyIdentifier(ec.publicKey)).toEqual(expected);
  expect(keyIdentifier(ec.privateKey)).toEqual(expected);
  const pkcs1 = createPublicKey(rsa.privateKey).export({ type: "pkcs1", format: "der" });
  expect(keyIdentifier(rsa.privateKey)).toEqual(createHash("sha1").update(pkcs1).digest());
});

test("the parts of an issuer are read back from its certificate", () => {
  const parts = issuerParts(issue(ec.publicKey, ec.privateKey));
  expect(parts.keyIdentifier?.toString()).toBe("me");
  expect(parts.nameConstraints).toBeNull();
  expect(encode(parts.subject).includes("a test")).toBe(true);
});

test("PEM has lines of 64 and says the same", () => {
  const der = issue(ec.publicKey, ec.privateKey);
  const pem = pemOf(der);
  expect(new X509Certificate(pem).raw).toEqual(der);
  expect(Math.max(...pem.split("\n").map((line) => line.length))).toBe(64);
  expect(pem.endsWith("-----END CERTIFICATE-----\n")).toBe(true);
});
