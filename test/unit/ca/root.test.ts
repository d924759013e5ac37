import { createPrivateKey, X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { extensionIds, issuerParts, keyIdentifier } from "../../../src/ca/certificate.ts";
import { contentOf, objectId } from "../../../src/ca/der.ts";
import { constraintsFor } from "../../../src/ca/name-constraints.ts";
import { makeRoot } from "../../../src/ca/root.ts";

const wall = Date.parse("2026-11-22T10:00:00Z");

test("a root is a self-signed RSA-2048 CA for ten years that says what it is", async () => {
  const { certificatePem, keyPem } = await makeRoot(wall, null);
  const certificate = new X509Certificate(certificatePem);
  const key = createPrivateKey(keyPem);
  expect(certificate.ca).toBe(true);
  expect(certificate.checkPrivateKey(key)).toBe(true);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
  expect(certificate.subject).toMatch(
    /^O=Boshscope\nOU=Local to this computer - untrusted by others\nCN=Boshscope local CA \S+ 2026-11-22 [0-9a-f]{6}$/,
  );
  expect(Date.parse(certificate.validFrom)).toBe(wall - 2 * 86_400_000);
  expect(Date.parse(certificate.validTo)).toBe(wall + 3650 * 86_400_000);
  expect(issuerParts(certificate.raw).keyIdentifier).toEqual(keyIdentifier(key));
  expect(issuerParts(certificate.raw).nameConstraints).toBeNull();
});

test("basic constraints, key usage and name constraints are critical", async () => {
  const { certificatePem } = await makeRoot(wall, constraintsFor(["ucce.local"]));
  const { raw } = new X509Certificate(certificatePem);
  for (const id of [
    extensionIds.basicConstraints,
    extensionIds.keyUsage,
    extensionIds.nameConstraints,
  ]) {
    const identifier = contentOf(objectId(id));
    const after = raw.subarray(raw.indexOf(identifier) + identifier.length);
    expect(after.subarray(0, 3).toString("hex"), id).toBe("0101ff");
  }
  // pathlen 0, keyCertSign + cRLSign
  expect(raw.includes(Buffer.from("30060101ff020100", "hex"))).toBe(true);
  expect(raw.includes(Buffer.from("03020106", "hex"))).toBe(true);
});

test("two roots of one computer have different names and keys", async () => {
  const [one, two] = await Promise.all([makeRoot(wall, null), makeRoot(wall, null)]);
  expect(new X509Certificate(one.certificatePem).subject).not.toBe(
    new X509Certificate(two.certificatePem).subject,
  );
  expect(one.keyPem).not.toBe(two.keyPem);
});
