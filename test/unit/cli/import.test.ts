/** Several files at once, and files with little in them. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { runImport } from "../../../src/cli/import.ts";
import { exportCapture } from "../../../src/export-capture.ts";
import { atTerminal } from "../../support/surroundings.ts";
import { captureOf, copy, temporaryFolder } from "../interchange/copies.ts";

const imported = async (folder: string, ...argv: string[]) => {
  const told: string[] = [];
  const exitCode = await runImport(["--data-dir", join(folder, "data"), ...argv], {
    ...atTerminal,
    say: (text) => told.push(text),
    complain: ({ message, remedy }) => told.push(`${message} ${remedy}`),
  });
  return { told, exitCode };
};

test("a file that can't be read keeps none of the others out, and is told", async () => {
  await using capture = await captureOf([copy(1)]);
  using folder = temporaryFolder();
  const bad = join(folder.path, "bad.har");
  writeFileSync(bad, "");
  const { told, exitCode } = await imported(folder.path, capture.path, bad, capture.path);
  expect(exitCode).toBe(1);
  expect(told[0]).toContain("1 exchanges");
  expect(told[1]).toContain(`The file ${bad} can't be read: it is empty.`);
  expect(told[2]).toContain("1 exchanges");
  expect(readdirSync(join(folder.path, "data", "imported")).length).toBe(2);
});

test("a database of another program is told by its own name, in one sentence", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "other.sqlite");
  const database = new DatabaseSync(path);
  database.exec("CREATE TABLE a (b)");
  database.close();
  const { told } = await imported(folder.path, path);
  expect(told[0]).toMatch(`The file ${path} can't be read: it is a database of another program. `);
});

test("a packet capture that ends before its first packet is said to be cut", async () => {
  await using capture = await captureOf([copy(1)]);
  using folder = temporaryFolder();
  const out = join(folder.path, "whole.pcapng");
  const order = { source: capture.path, captureId: null, query: "", redact: null, password: null };
  await exportCapture({ ...order, out, format: "pcapng" }, () => undefined);
  const cut = join(folder.path, "cut.pcapng");
  writeFileSync(cut, readFileSync(out).subarray(0, 300));
  const { told } = await imported(folder.path, cut);
  expect(told[0]).toContain("ends in the middle");
  expect(told[0]).toContain("WARNING: nothing was found in it.");
});

test("a data folder that can't be used ends it at once", async () => {
  await using capture = await captureOf([copy(1)]);
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, "data"));
  writeFileSync(join(folder.path, "data", "imported"), "");
  await expect(imported(folder.path, capture.path, capture.path)).rejects.toMatchObject({
    code: "data-dir-unusable",
  });
});
