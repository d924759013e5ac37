import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Clock } from "../../../src/base/clock.ts";
import { systemClock } from "../../../src/base/clock.ts";
import { type Authority, type Leaf, openAuthority } from "../../../src/ca/authority.ts";
import { cpuTime } from "../../support/cpu-time.ts";

const dayMs = 86_400_000;
let base = "";
let authority: Authority;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "boshscope-authority-"));
  authority = await openAuthority(join(base, "plain"), { clock: systemClock });
});
afterAll(() => rm(base, { recursive: true, force: true }));

function turnedClock(start: number): Clock & { wallMs: number } {
  return {
    wallMs: start,
    mono: () => 0,
    wall() {
      return this.wallMs;
    },
  };
}

test("the root is described as trust stores show it", () => {
  const certificate = new X509Certificate(authority.certificatePem);
  expect(authority.certificateDer).toEqual(new Uint8Array(certificate.raw));
  expect(authority.fingerprint256).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  expect(authority.subject).toMatch(/^Boshscope local CA /);
  expect(authority.validTo.getTime()).toBeGreaterThan(Date.now() + 3640 * dayMs);
  expect(authority.path).toBe(join(base, "plain", "boshscope-ca.pem"));
});

describe("the cache", () => {
  test("gives the same leaf for the same host and port, however spelt", () => {
    const leaf = authority.leafFor("same.corp", 7443, []);
    expect(authority.leafFor("SAME.corp.", 7443, [])).toBe(leaf);
    expect(authority.leafFor("same.corp", 8445, [])).not.toBe(leaf);
    expect(authority.leafFor("[::1]", 1, [])).toBe(authority.leafFor("::1", 1, []));
  });

  test("grows a leaf by the server's names, and never shrinks it", () => {
    const bare = authority.leafFor("grow.corp", 7443, []);
    expect(authority.hasLeaf("grow.corp", 7443)).toBe(false);
    const grown = authority.leafFor("grow.corp", 7443, ["fin1.ucce.local", "*.tld", "grow.corp"]);
    expect(grown).not.toBe(bare);
    expect(grown.names).toEqual(["grow.corp", "fin1.ucce.local"]);
    expect(authority.hasLeaf("grow.corp", 7443)).toBe(true);
    expect(authority.leafFor("grow.corp", 7443, [])).toBe(grown);
    expect(authority.leafFor("grow.corp", 7443, ["fin1.ucce.local"])).toBe(grown);
    const more = authority.leafFor("grow.corp", 7443, ["10.0.0.9"]);
    expect(more.names).toEqual(["grow.corp", "fin1.ucce.local", "10.0.0.9"]);
  });

  test("keeps the leaf when the server names nothing but the host", () => {
    const bare = authority.leafFor("own.corp", 7443, []);
    expect(authority.leafFor("own.corp", 7443, ["own.corp"])).toBe(bare);
    expect(authority.hasLeaf("own.corp", 7443)).toBe(true);
  });

  test("does not mint for ever when servers behind one host have full lists", () => {
    const list = (word: string) => Array.from({ length: 60 }, (_, at) => `${word}${at}.corp`);
    const first = authority.leafFor("full.corp", 443, list("a"));
    expect(first.names).toHaveLength(51);
    expect(authority.leafFor("full.corp", 443, list("b"))).toBe(first);
  });

  test("forgets the host unused for longest after 1,000", () => {
    const first = authority.leafFor("lru.corp", 1, []);
    for (let port = 2; port <= 1001; port += 1) authority.leafFor("lru.corp", port, []);
    expect(authority.leafFor("lru.corp", 1, [])).not.toBe(first);
  });

  test("renews a leaf in its last week, and when the clock was set back", async () => {
    const clock = turnedClock(Date.now());
    const own = await openAuthority(join(base, "renew"), { clock });
    const first = own.leafFor("fin1.corp", 7443, ["fin2.corp"]);
    clock.wallMs += 189 * dayMs;
    expect(own.leafFor("fin1.corp", 7443, [])).toBe(first);
    expect(own.hasLeaf("fin1.corp", 7443)).toBe(true);
    clock.wallMs += 2 * dayMs;
    expect(own.hasLeaf("fin1.corp", 7443)).toBe(false);
    const second = own.leafFor("fin1.corp", 7443, []);
    expect(second).not.toBe(first);
    expect(second.names).toEqual(["fin1.corp", "fin2.corp"]);
    clock.wallMs -= 190 * dayMs;
    const third = own.leafFor("fin1.corp", 7443, []);
    expect(third).not.toBe(second);
    expect(Date.parse(new X509Certificate(third.pem).validFrom)).toBeLessThan(clock.wallMs);
  });

  test("a leaf cut short by the end of the root is not minted again and again", async () => {
    const clock = turnedClock(Date.now());
    const own = await openAuthority(join(base, "short"), { clock });
    clock.wallMs = own.validTo.getTime() - dayMs;
    const leaf = own.leafFor("fin1.corp", 7443, []);
    expect(Date.parse(new X509Certificate(leaf.pem).validTo)).toBe(own.validTo.getTime());
    expect(own.leafFor("fin1.corp", 7443, [])).toBe(leaf);
  });
});

describe("hostile hosts", () => {
  test.each([
    "__proto__",
    "constructor",
    "../../../../tmp/x",
    "ca",
    "1.2.3",
    "8445",
    "",
    "a\0b",
    "é".repeat(300),
    "x".repeat(70_000),
  ])("%j gets a leaf and leaves no trace on disk", async (host) => {
    const certificate = new X509Certificate(authority.leafFor(host, 443, []).pem);
    expect(certificate.verify(new X509Certificate(authority.certificatePem).publicKey)).toBe(true);
    expect((await readdir(join(base, "plain"))).sort()).toEqual([
      "boshscope-ca.cer",
      "boshscope-ca.key",
      "boshscope-ca.pem",
    ]);
  });

  test("any text as host and as the server's names makes a certificate OpenSSL can read", () => {
    const text = fc.oneof(fc.string({ unit: "binary" }), fc.string(), fc.domain(), fc.ipV6());
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 5 }), (host, extra) => {
        const leaf = authority.leafFor(host, 443, extra);
        expect(new X509Certificate(leaf.pem).subjectAltName).toBeTruthy();
      }),
      { numRuns: 300 },
    );
  });
});

describe("limits", () => {
  test("leave out the server's names outside them, but mint the host that was asked for", async () => {
    const own = await openAuthority(join(base, "limits"), {
      clock: systemClock,
      permit: ["ucce.local", "10.1.0.0/16"],
    });
    const extra = ["fin1.ucce.local", "*.ucce.local", "google.com", "10.1.0.9", "10.9.0.9", "::1"];
    expect(own.leafFor("outside.corp", 7443, extra).names).toEqual([
      "outside.corp",
      "fin1.ucce.local",
      "*.ucce.local",
      "10.1.0.9",
    ]);
  });

  test("are those of the root on disk: asking for others is an error, for none is not", async () => {
    const dir = join(base, "limits-again");
    const open = (permit: string[]) => openAuthority(dir, { clock: systemClock, permit });
    const first = await open(["ucce.local", "10.1.0.0/16"]);
    expect((await open(["10.1.0.0/16", ".UCCE.local"])).fingerprint256).toBe(first.fingerprint256);
    expect((await open([])).leafFor("a.ucce.local", 1, ["b.corp"]).names).toEqual(["a.ucce.local"]);
    await expect(open(["ucce.local"])).rejects.toMatchObject({ code: "config-invalid" });
    await expect(
      openAuthority(join(base, "plain"), { clock: systemClock, permit: ["ucce.local"] }),
    ).rejects.toMatchObject({ code: "config-invalid", remedy: expect.stringMatching(/new one/) });
  });

  test("that can't be read stop the start before anything is written", async () => {
    const dir = join(base, "limits-bad");
    await expect(
      openAuthority(dir, { clock: systemClock, permit: ["10.1.0.0/99"] }),
    ).rejects.toMatchObject({ code: "config-invalid" });
    await expect(readdir(dir)).rejects.toThrow(/ENOENT/);
  });
});

test("a root that has ended, or has not begun, is refused", async () => {
  const dir = join(base, "term");
  await cp(join(base, "plain"), dir, { recursive: true });
  const at = (wall: number) => openAuthority(dir, { clock: turnedClock(wall) });
  await expect(at(authority.validTo.getTime() + 1)).rejects.toMatchObject({ code: "ca-expired" });
  await expect(at(Date.now() - 30 * dayMs)).rejects.toMatchObject({
    code: "ca-unreadable",
    message: expect.stringMatching(/clock is slow/),
  });
});

/** One TLS server per leaf; resolves with what a verifying client saw. */
async function shake(
  leaf: Leaf,
  options: tls.ConnectionOptions,
  session?: Buffer,
): Promise<{ reused: boolean; protocol: string | null; session: Buffer }> {
  const server = net.createServer((raw) => {
    const secure = new tls.TLSSocket(raw, { isServer: true, secureContext: leaf.secureContext });
    secure.on("error", () => secure.destroy());
    secure.once("secure", () => secure.write("x"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  const client = tls.connect({
    port,
    host: "127.0.0.1",
    ca: [authority.certificatePem],
    ...(session === undefined ? {} : { session }),
    ...options,
  });
  try {
    const offered = new Promise<Buffer>((resolve) => client.on("session", resolve));
    await Promise.race([
      once(client, "data"),
      once(client, "error").then(([error]) => Promise.reject(error as Error)),
    ]);
    const reused = client.isSessionReused();
    const ticket = reused ? (session ?? Buffer.alloc(0)) : await offered;
    return { reused, protocol: client.getProtocol(), session: ticket };
  } finally {
    client.destroy();
    server.close();
  }
}

describe("a real handshake, verified against the root alone,", () => {
  test.each([
    ["fin1.corp", "fin1.corp"],
    ["127.0.0.1", "127.0.0.1"],
    ["[::1]", "::1"],
  ])("works for %s", async (host, checked) => {
    const leaf = authority.leafFor(host, 7443, []);
    const identity: tls.ConnectionOptions = net.isIP(checked)
      ? { checkServerIdentity: (_, certificate) => tls.checkServerIdentity(checked, certificate) }
      : { servername: checked };
    expect((await shake(leaf, identity)).protocol).toBe("TLSv1.3");
    expect((await shake(leaf, { ...identity, maxVersion: "TLSv1.2" })).protocol).toBe("TLSv1.2");
  });

  test("fails for another name", async () => {
    const leaf = authority.leafFor("fin1.corp", 7443, []);
    await expect(shake(leaf, { servername: "fin9.corp" })).rejects.toThrow(/altnames/);
  });

  test("fails for a client that does not know the root", async () => {
    const leaf = authority.leafFor("fin1.corp", 7443, []);
    await expect(shake(leaf, { servername: "fin1.corp", ca: [] })).rejects.toThrow(/certificate/);
  });

  test.each(["TLSv1.2", "TLSv1.3"] as const)("resumes its session in %s", async (version) => {
    const leaf = authority.leafFor("resume.corp", 7443, []);
    const options = { servername: "resume.corp", minVersion: version, maxVersion: version };
    const first = await shake(leaf, options);
    expect(first.reused).toBe(false);
    expect((await shake(leaf, options, first.session)).reused).toBe(true);
  });
});

test("minting is fast enough for the path of a handshake", ({ annotate }) => {
  const mint = (at: number): unknown =>
    authority.leafFor(`speed${at}.corp`, 7443, ["fin1.ucce.local", "10.1.2.3"]);
  const times = Array.from({ length: 200 }, (_, at) => cpuTime(() => mint(at))).sort(
    (a, b) => a - b,
  );
  const median = times[100] ?? Number.NaN;
  // Half of them, so that a busy machine does not fail what is not slow.
  expect(median).toBeLessThan(5);
  return annotate(`leaf: median ${median.toFixed(2)} ms, 95th ${(times[190] ?? 0).toFixed(2)} ms`);
});
