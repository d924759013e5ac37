/** SAZ with ZIP programs nobody here wrote: they read what we write, and we read what they write. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { importFile } from "../../src/capture-folder.ts";
import { exportCapture } from "../../src/export-capture.ts";
import { captureOf, temporaryFolder } from "../unit/interchange/copies.ts";
import { fiddler } from "../unit/interchange/saz/foreign-sazs.ts";
import { allShapes, shapeNames } from "../unit/interchange/shapes.ts";

const password = "Geheim";

function run(command: string, args: readonly string[], cwd?: string) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", cwd });
  return { status, text: `${stdout}${stderr}` };
}

async function written(folder: string, withPassword: string | null): Promise<string> {
  await using capture = await captureOf(allShapes());
  const out = join(folder, "a.saz");
  const order = { source: capture.path, out, format: "saz", captureId: null, query: "" } as const;
  await exportCapture({ ...order, redact: null, password: withPassword }, () => undefined);
  return out;
}

test("unzip and 7-Zip find our archive whole, and Fiddler's layout in it", async () => {
  using folder = temporaryFolder();
  const out = await written(folder.path, null);
  expect(run("unzip", ["-tq", out])).toMatchObject({ status: 0 });
  expect(run("7zz", ["t", out]).text).toContain("Everything is Ok");
  const names = run("unzip", ["-Z1", out]).text.trim().split("\n");
  expect(names.slice(0, 2)).toEqual(["[Content_Types].xml", "raw/"]);
  for (let number = 1; number <= shapeNames.length; number++) {
    const prefix = `raw/${String(number).padStart(2, "0")}`;
    for (const part of ["_c.txt", "_m.xml", "_s.txt"]) expect(names).toContain(prefix + part);
  }
  // Whatever else stands in raw/ would break a reader that knows no other names.
  const others = names.filter((name) => !/^raw\/\d\d_[cmsw]\.(?:txt|xml)$/.test(name));
  expect(others.filter((name) => name.startsWith("raw/") && name !== "raw/")).toEqual([]);
});

test("7-Zip opens ours with the password (AES-256) and with no other", async () => {
  using folder = temporaryFolder();
  const out = await written(folder.path, password);
  expect(run("7zz", ["t", `-p${password}`, out]).text).toContain("Everything is Ok");
  expect(run("7zz", ["l", "-slt", out]).text).toContain("Method = AES-256 Deflate");
  expect(run("7zz", ["t", "-pwrong", out]).status).not.toBe(0);
});

const makers: readonly (readonly [name: string, command: string, args: readonly string[]])[] = [
  ["Info-ZIP's zip, ZipCrypto", "zip", ["-qr", "-P", password]],
  ["7-Zip, ZipCrypto", "7zz", ["a", "-tzip", "-mem=ZipCrypto", `-p${password}`]],
  ["7-Zip, AES-128", "7zz", ["a", "-tzip", "-mem=AES128", `-p${password}`]],
  ["7-Zip, AES-192", "7zz", ["a", "-tzip", "-mem=AES192", `-p${password}`]],
  ["7-Zip, AES-256", "7zz", ["a", "-tzip", "-mem=AES256", `-p${password}`]],
];

test.each(makers)("Fiddler's files packed by %s", async (_name, command, args) => {
  using folder = temporaryFolder();
  const content = join(folder.path, "content");
  for (const [name, bytes] of Object.entries(fiddler)) {
    mkdirSync(join(content, dirname(name)), { recursive: true });
    if (!name.endsWith("/")) writeFileSync(join(content, name), bytes);
  }
  const out = join(folder.path, "b.zip");
  expect(run(command, [...args, out, "."], content).status).toBe(0);
  rmSync(content, { recursive: true });
  const take = (given: string | null) =>
    importFile(out, {
      folder: folder.path,
      password: given,
      keys: null,
      keepSecrets: false,
      bodyLimit: 1_000_000,
      onProgress: () => undefined,
    });
  expect(await take(password)).toMatchObject({ exchanges: 4, pending: 1, failed: 1 });
  await expect(take(null)).rejects.toMatchObject({ code: "password-needed" });
  await expect(take("other")).rejects.toMatchObject({ code: "password-needed" });
  expect(existsSync(out)).toBe(true);
});
