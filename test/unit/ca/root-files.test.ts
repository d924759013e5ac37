import { generateKeyPairSync, X509Certificate } from "node:crypto";
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../../../src/base/clock.ts";
import { makeRoot } from "../../../src/ca/root.ts";
import { openRootFiles } from "../../../src/ca/root-files.ts";

const names = ["boshscope-ca.cer", "boshscope-ca.key", "boshscope-ca.pem"];
let base = "";
let dir = "";

const make = () => makeRoot(systemClock.wall(), null);
const never = () => Promise.reject(new Error("made a root although one half was there"));

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "boshscope-root-files-"));
  await openRootFiles(join(base, "good"), make);
});

let round = 0;
beforeEach(() => {
  round += 1;
  dir = join(base, `dir-${round}`);
});

afterAll(() => rm(base, { recursive: true, force: true }));

const copyGood = () => cp(join(base, "good"), dir, { recursive: true });
const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

test("a first run makes three files, the key and the folder for the owner alone, and nothing else", async () => {
  const root = await openRootFiles(dir, make);
  expect((await readdir(dir)).sort()).toEqual(names);
  expect(await modeOf(dir)).toBe(0o700);
  expect(await modeOf(join(dir, "boshscope-ca.key"))).toBe(0o600);
  expect(await modeOf(join(dir, "boshscope-ca.pem"))).toBe(0o644);
  expect(root.path).toBe(join(dir, "boshscope-ca.pem"));
  const der = await readFile(join(dir, "boshscope-ca.cer"));
  expect(new X509Certificate(await readFile(root.path)).raw).toEqual(der);
});

test("a second run reads the same root", async () => {
  const first = await openRootFiles(dir, make);
  const second = await openRootFiles(dir, never);
  expect(second.certificate.fingerprint256).toBe(first.certificate.fingerprint256);
});

test("a folder that exists keeps its mode and its other files", async () => {
  await mkdir(dir, { mode: 0o755 });
  await writeFile(join(dir, "README.md"), "mine");
  await openRootFiles(dir, make);
  expect(await modeOf(dir)).toBe(0o755);
  expect((await readdir(dir)).sort()).toEqual(["README.md", ...names]);
});

test("starts at the same time end with one root", async () => {
  const roots = await Promise.all(Array.from({ length: 6 }, () => openRootFiles(dir, make)));
  expect(new Set(roots.map((root) => root.certificate.fingerprint256)).size).toBe(1);
  expect((await readdir(dir)).sort()).toEqual(names);
});

test("a missing or changed .cer is made again", async () => {
  await copyGood();
  await writeFile(join(dir, "boshscope-ca.cer"), "old");
  const root = await openRootFiles(dir, never);
  expect(await readFile(join(dir, "boshscope-ca.cer"))).toEqual(root.certificate.raw);
});

test("a key that others may read is made private", async () => {
  await copyGood();
  await chmod(join(dir, "boshscope-ca.key"), 0o644);
  await openRootFiles(dir, never);
  expect(await modeOf(join(dir, "boshscope-ca.key"))).toBe(0o600);
});

describe("refused as ca-unreadable, and left as it was:", () => {
  const refused = async (why: RegExp) => {
    const before = await contents();
    await expect(openRootFiles(dir, never)).rejects.toMatchObject({
      code: "ca-unreadable",
      message: expect.stringMatching(why),
      remedy: expect.stringContaining("Move both files away"),
    });
    expect(await contents()).toEqual(before);
  };
  const contents = async () =>
    Promise.all(
      (await readdir(dir)).sort().map(async (name) => [name, await readFile(join(dir, name))]),
    );

  test("a certificate without its key", async () => {
    await copyGood();
    await rm(join(dir, "boshscope-ca.key"));
    await refused(/boshscope-ca\.key is missing/);
  });

  test("a key without its certificate", async () => {
    await copyGood();
    await rm(join(dir, "boshscope-ca.pem"));
    // Younger, it could be another process in the middle of its first run.
    await utimes(join(dir, "boshscope-ca.key"), 1_700_000_000, 1_700_000_000);
    await refused(/boshscope-ca\.pem is missing/);
  });

  test("another root's key", async () => {
    await copyGood();
    await writeFile(join(dir, "boshscope-ca.key"), (await make()).keyPem);
    await refused(/not the key of/);
  });

  test.each(["", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])(
    "a damaged key: %j",
    async (text) => {
      await copyGood();
      await writeFile(join(dir, "boshscope-ca.key"), text);
      await refused(/boshscope-ca\.key: /);
    },
  );

  test("a certificate cut short", async () => {
    await copyGood();
    const pem = await readFile(join(dir, "boshscope-ca.pem"), "utf8");
    await writeFile(join(dir, "boshscope-ca.pem"), pem.slice(0, 400));
    await refused(/boshscope-ca\.pem: /);
  });

  test("a certificate that is no CA's", async () => {
    await mkdir(dir);
    const { keyPem, certificatePem } = await makeLeafOnly();
    await writeFile(join(dir, "boshscope-ca.key"), keyPem, { mode: 0o600 });
    await writeFile(join(dir, "boshscope-ca.pem"), certificatePem);
    await refused(/not a CA's certificate/);
  });
});

test("a path that is a file is refused as certs-dir-unusable", async () => {
  await writeFile(dir, "");
  await expect(openRootFiles(dir, make)).rejects.toMatchObject({ code: "certs-dir-unusable" });
  await expect(openRootFiles(join(dir, "below"), make)).rejects.toMatchObject({
    code: "certs-dir-unusable",
    remedy: expect.stringContaining("--certs-dir"),
  });
});

async function makeLeafOnly() {
  const { issueCertificate, distinguishedName, pemOf } = await import(
    "../../../src/ca/certificate.ts"
  );
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = distinguishedName([["CN", "leaf"]]);
  const der = issueCertificate(
    {
      subject: name,
      issuer: name,
      publicKey,
      notBefore: new Date(0),
      notAfter: new Date("2040-01-01"),
      extensions: [],
    },
    privateKey,
  );
  return {
    certificatePem: pemOf(der),
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }),
  };
}
