/**
 * The root CA on disk: `boshscope-ca.key` (0600), `.pem`, and `.cer` (DER, for Windows). The key is committed first, by an exclusive
 * link, the certificate second; so of two processes starting at once one makes the CA and the other waits for it.
 */
import { createPrivateKey, type KeyObject, randomBytes, X509Certificate } from "node:crypto";
import { constants } from "node:fs";
import { chmod, copyFile, link, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { codeOf, fail, fileReasonOf, reasonOf } from "../base/errors.ts";
import type { RootMaterial } from "./root.ts";

export interface RootFiles {
  readonly certificate: X509Certificate;
  readonly certificatePem: string;
  readonly key: KeyObject;
  readonly path: string;
}

interface Paths {
  readonly dir: string;
  readonly key: string;
  readonly pem: string;
  readonly cer: string;
}

/** How long the other process may take between the key and the certificate: milliseconds, unless the disk is a network's. */
const otherProcessMs = 3000;

/**
 * Reads the root in `dir`, or has `make` make it when neither file is there. Fails with `certs-dir-unusable`, or `ca-unreadable` for
 * one file without the other, a key that is not the certificate's, and anything damaged: nothing that exists is ever overwritten.
 */
export async function openRootFiles(
  dir: string,
  make: () => Promise<RootMaterial>,
): Promise<RootFiles> {
  const paths: Paths = {
    dir,
    key: join(dir, "boshscope-ca.key"),
    pem: join(dir, "boshscope-ca.pem"),
    cer: join(dir, "boshscope-ca.cer"),
  };
  await makeFolder(dir);
  if (!(await exists(paths.key)) && !(await exists(paths.pem))) {
    const material = await make();
    await usable(dir, () => commit(paths, material));
  }
  await waitForCertificate(paths);
  if (!(await exists(paths.key))) {
    throw fail("ca-unreadable", { path: dir, why: "boshscope-ca.key is missing" });
  }
  return load(paths);
}

async function makeFolder(dir: string): Promise<void> {
  await usable(dir, () => mkdir(dir, { recursive: true, mode: 0o700 }));
}

async function commit(paths: Paths, material: RootMaterial): Promise<void> {
  const mark = `${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  const keyDraft = `${paths.key}.${mark}`;
  const pemDraft = `${paths.pem}.${mark}`;
  try {
    await writeNew(keyDraft, material.keyPem, 0o600);
    await writeNew(pemDraft, material.certificatePem, 0o644);
    if (!(await linkNew(keyDraft, paths.key))) return;
    // Only the process that made the key gets here, so there is no certificate to overwrite.
    await rename(pemDraft, paths.pem);
  } finally {
    await rm(keyDraft, { force: true });
    await rm(pemDraft, { force: true });
  }
}

/** False when another process was first. */
async function linkNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === "EEXIST") return false;
    return copyNew(from, to);
  }
}

/** For file systems without hard links (FAT, some network drives). A reader never sees half a key: it waits for the certificate. */
async function copyNew(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === "EEXIST") return false;
    throw thrown;
  }
}

async function waitForCertificate(paths: Paths): Promise<void> {
  if (await exists(paths.pem)) return;
  const { mtimeMs } = await usable(paths.dir, () => stat(paths.key));
  const deadline = mtimeMs + otherProcessMs;
  while (!(await exists(paths.pem))) {
    if (Date.now() > deadline) {
      throw fail("ca-unreadable", { path: paths.dir, why: "boshscope-ca.pem is missing" });
    }
    await wait(20);
  }
}

async function load(paths: Paths): Promise<RootFiles> {
  const unreadable = (thrown: unknown, file: string): Error =>
    fail(
      "ca-unreadable",
      { path: paths.dir, why: `${file}: ${fileReasonOf(thrown)}`, remedy: remedyFor(thrown) },
      thrown,
    );
  const certificate = await readFile(paths.pem)
    .then((pem) => new X509Certificate(pem))
    .catch((thrown: unknown) => Promise.reject(unreadable(thrown, "boshscope-ca.pem")));
  const key = await readFile(paths.key, "utf8")
    .then((pem) => createPrivateKey(pem))
    .catch((thrown: unknown) => Promise.reject(unreadable(thrown, "boshscope-ca.key")));
  const refuse = (why: string): Error => fail("ca-unreadable", { path: paths.dir, why });
  if (!certificate.checkPrivateKey(key)) {
    throw refuse("boshscope-ca.key is not the key of boshscope-ca.pem");
  }
  if (!["rsa", "ec"].includes(key.asymmetricKeyType ?? "")) {
    throw refuse(`its key is ${key.asymmetricKeyType}, neither RSA nor EC`);
  }
  if (!certificate.ca) throw refuse("boshscope-ca.pem is not a CA's certificate");
  await keepPrivate(paths);
  await keepDer(paths, certificate);
  return { certificate, certificatePem: certificate.toString(), key, path: paths.pem };
}

/** A CA that is another user's is not broken. */
const remedyFor = (thrown: unknown): string | undefined =>
  ["EACCES", "EPERM"].includes(codeOf(thrown))
    ? "Run Boshscope as its owner, or name another folder with --certs-dir DIR."
    : undefined;

/** Archives and copies lose file modes; whoever reads this key can read all traffic of whoever trusts it. */
async function keepPrivate(paths: Paths): Promise<void> {
  if (process.platform === "win32") return;
  const { mode } = await stat(paths.key);
  if ((mode & 0o077) === 0) return;
  try {
    await chmod(paths.key, 0o600);
  } catch (thrown) {
    const why = `others may read boshscope-ca.key (mode ${(mode & 0o777).toString(8)}): ${reasonOf(thrown)}`;
    throw fail("ca-unreadable", { path: paths.dir, why, remedy: remedyFor(thrown) }, thrown);
  }
}

async function isSame(path: string, wanted: Uint8Array): Promise<boolean> {
  try {
    return (await readFile(path)).equals(wanted);
  } catch (thrown) {
    // Missing, or not readable, or a folder: writing it anew tells which.
    if (codeOf(thrown) === "") throw thrown;
    return false;
  }
}

/** The `.cer` is a copy: it is made again whenever it is missing or differs. A read-only folder may go without. */
async function keepDer(paths: Paths, certificate: X509Certificate): Promise<void> {
  if (await isSame(paths.cer, certificate.raw)) return;
  const draft = `${paths.cer}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  try {
    await writeNew(draft, certificate.raw, 0o644);
    await rename(draft, paths.cer);
  } catch (thrown) {
    await rm(draft, { force: true });
    if (!["EACCES", "EPERM", "EROFS", "EBUSY"].includes(codeOf(thrown))) {
      throw fail("certs-dir-unusable", { path: paths.dir, why: reasonOf(thrown) }, thrown);
    }
  }
}

async function writeNew(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const file = await open(path, "wx", mode);
  try {
    await file.writeFile(content);
    // A power cut must not leave an empty key behind a name that is already linked.
    await file.sync();
  } finally {
    await file.close();
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (thrown: unknown) => {
      if (codeOf(thrown) === "ENOENT") return false;
      throw fail("certs-dir-unusable", { path, why: reasonOf(thrown) }, thrown);
    },
  );

async function usable<Result>(dir: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (thrown) {
    throw fail("certs-dir-unusable", { path: dir, why: reasonOf(thrown) }, thrown);
  }
}
