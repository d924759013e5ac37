/** What is dropped on the page and can't be read is told by the name it has there. */
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { openTransfers } from "../../src/transfers.ts";
import { temporaryFolder } from "./interchange/copies.ts";

const imported = (name: string, text: string, folder: string) =>
  openTransfers().import(name, Readable.from([Buffer.from(text)]), {
    folder,
    password: null,
    keys: null,
    keyBytes: 0,
    keepSecrets: false,
    bodyLimit: 1024,
  });

test.each([
  [
    "x.har",
    "junk",
    "The file x.har can't be read: it is neither HAR nor SAZ nor a Boshscope capture.",
  ],
  ["x.har", "", "The file x.har can't be read: it is empty."],
  ["x.har", '{"a": 1}', "The file x.har can't be read: it is not a HAR: it has no log.entries."],
  [
    "x.boshscope",
    "SQLite format 3\0junk",
    "The file x.boshscope can't be read: file is not a database.",
  ],
])("%s with %j", async (name, text, message) => {
  using folder = temporaryFolder();
  await expect(imported(name, text, folder.path)).rejects.toMatchObject({
    code: "file-unreadable",
    message,
  });
});
