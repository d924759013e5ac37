import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findCommand, searchHere } from "../../../src/browser/find-browser.ts";
import { prepareNssHome, trustInNss } from "../../../src/browser/nss-profile.ts";
import { makeRoot } from "../../../src/ca/root.ts";

const { certificatePem } = await makeRoot(Date.now(), null);
const certutil =
  process.platform === "win32" ? null : await findCommand("certutil", searchHere(process.env));

let dir = "";
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "boshscope-nss-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test("a home holds the root, trusted for servers and nothing else; without certutil it says what to install", async () => {
  const preparing = prepareNssHome(dir, certificatePem);
  if (certutil === null) {
    await expect(preparing).rejects.toMatchObject({ code: "browser-trust" });
    return;
  }
  expect(await preparing).toEqual({ HOME: dir });
  const list = execFileSync(certutil, ["-L", "-d", `sql:${join(dir, ".pki/nssdb")}`], {
    encoding: "utf8",
  });
  expect(list).toMatch(/^Boshscope\s+C,,\s*$/m);
});

test("a machine without certutil is told how to get it", async () => {
  await expect(trustInNss(dir, certificatePem, { PATH: "" })).rejects.toMatchObject({
    code: "browser-trust",
    message: expect.stringMatching(/certutil is not installed/),
    remedy: expect.stringMatching(/libnss3-tools/),
  });
  expect(await readdir(dir)).toEqual([]);
});

test("a certificate that NSS can't read is browser-trust", async () => {
  await expect(trustInNss(dir, "nonsense", process.env)).rejects.toMatchObject({
    code: "browser-trust",
  });
});
