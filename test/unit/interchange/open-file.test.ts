/** What can't be opened as a capture says why, in words, and what to do about it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { importFile } from "../../../src/capture-folder.ts";
import { formatOf } from "../../../src/interchange/open-file.ts";
import { temporaryFolder } from "./copies.ts";

const refusal = (path: string) =>
  formatOf(path).then(
    () => null,
    (error: unknown) => error,
  );

test("a folder, an empty file, nothing at all and a path through a file are told apart", async () => {
  using folder = temporaryFolder();
  const at = (name: string): string => join(folder.path, name);
  writeFileSync(at("empty.har"), "");
  writeFileSync(at("words.txt"), "words");
  expect(await refusal(folder.path)).toMatchObject({
    code: "file-unreadable",
    message: `The file ${folder.path} can't be read: it is a folder.`,
    remedy: `Name the file in it, such as ${at("capture.sqlite")}.`,
  });
  const why = (name: string) => expect(refusal(at(name)).then((error) => String(error))).resolves;
  await why("empty.har").toMatch("it is empty.");
  await why("nowhere.har").toMatch("there is no such file.");
  await why("words.txt/a.har").toMatch("a part of its path is a file, not a folder.");
  await why("words.txt").toMatch("neither HAR nor SAZ");
});

test("a folder that can't be made is the data folder's failure", async () => {
  using folder = temporaryFolder();
  const har = join(folder.path, "a.har");
  writeFileSync(har, JSON.stringify({ log: { version: "1.2", entries: [] } }));
  const imported = importFile(har, {
    folder: join(har, "imported"),
    password: null,
    keys: null,
    keepSecrets: false,
    bodyLimit: 1024,
    onProgress: () => undefined,
  });
  await expect(imported).rejects.toMatchObject({
    code: "data-dir-unusable",
    remedy: "Name another with --data-dir DIR.",
  });
});
