/** A self-signed certificate vouches for its host, and for no other. */
import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { makeSelfSigned } from "../../../src/ca/self-signed.ts";

test("names its host, signs itself, and says when it ends", () => {
  const wall = Date.parse("2026-03-01T12:00:00Z");
  const { certificatePem, keyPem } = makeSelfSigned("fin1.demo.test", wall);
  const certificate = new X509Certificate(certificatePem);
  expect(certificate.checkHost("fin1.demo.test")).toBe("fin1.demo.test");
  expect(certificate.checkHost("fin2.demo.test")).toBeUndefined();
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.issuer).toBe(certificate.subject);
  expect(Date.parse(certificate.validFrom)).toBeLessThan(wall);
  expect(Date.parse(certificate.validTo)).toBeGreaterThan(wall + 4 * 365 * 86_400_000);
  expect(keyPem).toContain("PRIVATE KEY");
});

test("an address becomes an address, a name that is none is refused", () => {
  const certificate = new X509Certificate(makeSelfSigned("127.0.0.1", Date.now()).certificatePem);
  expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(() => makeSelfSigned("not a name", Date.now())).toThrow(/no certificate can name/);
});
