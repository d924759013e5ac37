import { execFileSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AltName, altNameOf, serverNameOf } from "../../../src/ca/alt-name.ts";
import { issuerParts, keyIdentifier } from "../../../src/ca/certificate.ts";
import { type Issuer, makeLeafKey, mintLeaf } from "../../../src/ca/leaf.ts";
import { constraintsFor, type NameConstraints } from "../../../src/ca/name-constraints.ts";
import { makeRoot } from "../../../src/ca/root.ts";

const dayMs = 86_400_000;
/** The system's, where it has one. */
const openssl = "openssl";
const wall = Date.now();
const leafKey = makeLeafKey();
let issuer: Issuer;

async function makeIssuer(constraints: NameConstraints | null): Promise<Issuer> {
  const { certificatePem, keyPem } = await makeRoot(wall, constraints);
  const certificate = new X509Certificate(certificatePem);
  return {
    ...issuerParts(certificate.raw),
    key: createPrivateKey(keyPem),
    pem: certificatePem,
    notAfterMs: Date.parse(certificate.validTo),
  };
}

function mint(by: Issuer, first: string, ...rest: string[]) {
  const names = [first, ...rest].map((text) => serverNameOf(text));
  return mintLeaf(by, leafKey, names as [AltName, ...AltName[]], wall);
}

beforeAll(async () => {
  issuer = await makeIssuer(null);
});

describe("a leaf", () => {
  test("vouches for its names and for no others", () => {
    const leaf = mint(issuer, "fin1.corp", "*.ucce.local", "10.1.0.4", "2001:db8::7");
    const certificate = new X509Certificate(leaf.pem);
    expect(certificate.checkHost("fin1.corp")).toBe("fin1.corp");
    expect(certificate.checkHost("a.ucce.local")).toBe("*.ucce.local");
    expect(certificate.checkHost("a.b.ucce.local")).toBeUndefined();
    expect(certificate.checkHost("fin2.corp")).toBeUndefined();
    expect(certificate.checkIP("10.1.0.4")).toBe("10.1.0.4");
    expect(certificate.checkIP("2001:db8::7")).toBe("2001:db8::7");
    expect(certificate.checkIP("10.1.0.5")).toBeUndefined();
    expect(leaf.names).toEqual(["fin1.corp", "*.ucce.local", "10.1.0.4", "2001:db8::7"]);
  });

  test("is signed by the root, for servers only, and is no CA", () => {
    const certificate = new X509Certificate(mint(issuer, "fin1.corp").pem);
    const root = new X509Certificate(issuer.pem);
    expect(certificate.verify(root.publicKey)).toBe(true);
    expect(certificate.checkIssued(root)).toBe(true);
    expect(certificate.ca).toBe(false);
    // Node's keyUsage is the extended one.
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
    expect(certificate.publicKey.equals(root.publicKey)).toBe(false);
    expect(issuerParts(certificate.raw).keyIdentifier).toEqual(keyIdentifier(leafKey.publicKey));
    // Authority key identifier: [0] 20 bytes, the root's own.
    const authority = Buffer.concat([
      Buffer.from("30168014", "hex"),
      keyIdentifier(root.publicKey),
    ]);
    expect(certificate.raw.includes(authority)).toBe(true);
    // Basic constraints and key usage (digitalSignature), both critical.
    expect(certificate.raw.includes(Buffer.from("0603551d130101ff04023000", "hex"))).toBe(true);
    expect(certificate.raw.includes(Buffer.from("0603551d0f0101ff040403020780", "hex"))).toBe(true);
  });

  test("is valid since two days, for at most 199 days, never longer than its root", () => {
    const certificate = new X509Certificate(mint(issuer, "fin1.corp").pem);
    const from = Date.parse(certificate.validFrom);
    const to = Date.parse(certificate.validTo);
    expect(wall - from).toBeGreaterThanOrEqual(2 * dayMs - 1000);
    expect(to - from + 1000).toBeLessThanOrEqual(199 * dayMs);
    expect(to - wall).toBeGreaterThan(190 * dayMs);
    const short = mint({ ...issuer, notAfterMs: wall + 5 * dayMs }, "fin1.corp");
    expect(short.notAfterMs).toBe(wall + 5 * dayMs);
  });

  test("keeps the longest of host names in its SAN and 64 characters of it as common name", () => {
    const host = `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(61)}`;
    const certificate = new X509Certificate(mint(issuer, host).pem);
    expect(certificate.subject).toBe(`CN=${host.slice(0, 64)}`);
    expect(certificate.checkHost(host)).toBe(host);
  });

  test("comes with its root behind it", () => {
    const { pem } = mint(issuer, "fin1.corp");
    expect(pem.endsWith(issuer.pem)).toBe(true);
    expect(pem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  });
});

describe("openssl verify -x509_strict", () => {
  const dir = mkdtempSync(join(tmpdir(), "boshscope-leaf-"));
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  /** The verdict's text; "OK" or the reason. Without an openssl on this machine Node's own signature check speaks. */
  function verdict(by: Issuer, host: string): string {
    const { pem } = mint(by, host);
    writeFileSync(join(dir, "root.pem"), by.pem);
    writeFileSync(join(dir, "leaf.pem"), pem);
    const name = altNameOf(host);
    const check = name?.kind === "ip" ? "-verify_ip" : "-verify_hostname";
    const args = ["verify", "-x509_strict", "-purpose", "sslserver", check, name?.value ?? ""];
    try {
      return execFileSync(openssl, [...args, "-CAfile", "root.pem", "leaf.pem"], {
        cwd: dir,
        encoding: "utf8",
        stdio: "pipe",
      });
    } catch (thrown) {
      const failed = thrown as { code?: string; stderr?: string };
      if (failed.code !== "ENOENT") return String(failed.stderr);
      return new X509Certificate(pem).verify(new X509Certificate(by.pem).publicKey) ? "OK" : "bad";
    }
  }

  test.each(["fin1.corp", "finesse1", "my_pc.corp", "10.1.0.4", "2001:db8::7", "::1"])(
    "accepts %s",
    (host) => {
      expect(verdict(issuer, host)).toMatch(/OK/);
    },
  );

  test.each([
    [["ucce.local", "10.1.0.0/16"], "fin1.ucce.local", /OK/],
    [["ucce.local", "10.1.0.0/16"], "10.1.0.4", /OK/],
    [["ucce.local", "10.1.0.0/16"], "fin1.corp", /permitted subtree violation/],
    [["ucce.local", "10.1.0.0/16"], "10.2.0.4", /permitted subtree violation/],
    [["ucce.local", "10.1.0.0/16"], "::1", /subtree violation/],
    [["ucce.local"], "10.1.0.4", /excluded subtree violation/],
    [["10.1.0.0/16", "2001:db8::/32"], "10.1.0.4", /OK/],
    [["10.1.0.0/16", "2001:db8::/32"], "2001:db8::7", /OK/],
    [["10.1.0.0/16"], "fin1.corp", /excluded subtree violation/],
  ])("enforces a root for %j: %s", async (permit, host, expected) => {
    expect(verdict(await makeIssuer(constraintsFor(permit)), host)).toMatch(expected);
  });
});
