/** Certificate databases of NSS, the library by which Firefox, and Chromium on Linux, know extra roots. Built with NSS's certutil. */
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { fail, reasonOf } from "../base/errors.ts";
import { findCommand, searchHere } from "./find-browser.ts";

const run = promisify(execFile);

/**
 * Builds a home folder in which Chromium on Linux trusts the root and checks certificates as ever: start it with the environment
 * that this returns. Fails with `browser-trust`.
 */
export async function prepareNssHome(
  dir: string,
  caPem: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly HOME: string }> {
  const database = join(dir, ".pki", "nssdb");
  await mkdir(database, { recursive: true, mode: 0o700 });
  await trustInNss(database, caPem, env);
  return { HOME: dir };
}

/** Makes an NSS database in `database`, an existing folder, that trusts the root for servers. Fails with `browser-trust`. */
export async function trustInNss(
  database: string,
  caPem: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const certutil = await findCertutil(env);
  const certificate = join(database, "boshscope-ca.pem");
  const at = ["-d", `sql:${database}`];
  try {
    await writeFile(certificate, caPem);
    await run(certutil, ["-N", ...at, "--empty-password"], { env });
    // C: trusted to vouch for servers; nothing for mail or code.
    await run(certutil, ["-A", ...at, "-n", "Boshscope", "-t", "C,,", "-i", certificate], { env });
  } catch (thrown) {
    throw fail("browser-trust", { why: `certutil failed: ${reasonOf(thrown)}`, remedy }, thrown);
  }
}

const remedy =
  "Install NSS's certutil (Debian: libnss3-tools, Fedora: nss-tools, macOS: brew install nss), use Chrome, Edge or Chromium, or import boshscope-ca.pem in Firefox by hand (certs/README.md).";

async function findCertutil(env: NodeJS.ProcessEnv): Promise<string> {
  const search = searchHere(env);
  // Windows has a certutil of its own, which knows nothing of NSS.
  const found = search.platform === "win32" ? null : await findCommand("certutil", search);
  if (found === null) {
    throw fail("browser-trust", { why: "NSS's certutil is not installed", remedy });
  }
  return found;
}
