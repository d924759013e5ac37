/** Files of every kind: released schemas, newer ones, other programs', broken ones. */
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { silentLog } from "../../../src/base/log.ts";
import { openForReading } from "../../../src/store/open-database.ts";
import { openReader } from "../../../src/store/open-reader.ts";
import { openWriter } from "../../../src/store/open-writer.ts";
import { schemaVersion } from "../../../src/store/schema.ts";
import { summariesOf, TurnedClock, temporaryFolder, temporaryWriter } from "./rows.ts";

const open = (path: string) =>
  openWriter(path, {
    captureId: "c0ffee",
    name: "t",
    clock: new TurnedClock(),
    secretsKept: false,
  });

const versions = Array.from({ length: schemaVersion }, (_, at) => at + 1);

test.each(versions)("a file of schema %i opens, with everything in it", async (version) => {
  using folder = temporaryFolder();
  const path = join(folder.path, "capture.sqlite");
  copyFileSync(join("test/fixtures/store", `v${version}.sqlite`), path);
  open(path).close();
  const reader = openReader(path, { captureId: () => "5eedf00d", log: silentLog });
  const page = await reader.exchanges({ since: 0, limit: 10 });
  const detail = await reader.exchange("5eedf00d-3");
  const connections = await reader.connections({ limit: 10 });
  const captures = await reader.captures();
  await reader.close();
  const rows = summariesOf(page.rows);
  expect(rows.map((row) => row.id)).toEqual([
    "5eedf00d-3",
    "5eedf00d-1",
    "5eedf00d-2",
    "5eedf00d-4",
  ]);
  expect(rows[1]).toMatchObject({
    holdMs: 30_020,
    event: "READY → TALKING",
    outcome: { status: 200 },
  });
  expect(rows[2]).toMatchObject({ comment: "kept" });
  expect(rows[3]).toMatchObject({ mark: "red", outcome: { kind: "failed", cause: "reset" } });
  expect(detail).toMatchObject({
    notes: ["secrets-replaced", "body-cut"],
    faults: ["rule-1"],
    framesTotal: 2,
    frames: [{ text: "hello" }, { hex: "00ff", from: "server" }],
    related: version < 2 ? [] : [{ kind: "repeats", number: 1, afterMs: 5 }],
  });
  expect(detail?.frames[0]?.event).toBe(version < 2 ? null : "ping");
  expect(connections).toMatchObject([{ id: 1, captureId: "5eedf00d", mode: "intercepted" }]);
  expect(captures).toMatchObject([
    { id: "c0ffee" },
    { id: "5eedf00d", name: `schema ${version}`, exchanges: 4 },
  ]);
});

test("a file of a newer program is refused with both versions, and left as it is", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "capture.sqlite");
  open(path).close();
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA user_version = ${schemaVersion + 1}; PRAGMA journal_mode = DELETE`);
  database.close();
  const before = readFileSync(path);
  expect(() => open(path)).toThrow(
    expect.objectContaining({
      code: "store-newer",
      message: expect.stringContaining(
        `schema ${schemaVersion + 1}, this one knows ${schemaVersion}`,
      ),
    }),
  );
  expect(readFileSync(path)).toEqual(before);
  expect(() => openForReading(path)).toThrow(expect.objectContaining({ code: "store-newer" }));
});

const unreadable = expect.objectContaining({ code: "store-unreadable" });

test("what is no database, another program's, or cut short is refused, and left as it is", () => {
  using folder = temporaryFolder();
  const text = join(folder.path, "text");
  writeFileSync(
    text,
    "this is no database at all, but it is long enough to have a header\n".repeat(20),
  );
  const foreign = join(folder.path, "foreign");
  const database = new DatabaseSync(foreign);
  database.exec("CREATE TABLE bookmarks (url TEXT)");
  database.close();
  const cut = join(folder.path, "cut");
  copyFileSync("test/fixtures/store/v1.sqlite", cut);
  truncateSync(cut, 20_000);
  for (const path of [text, foreign, cut]) {
    const before = readFileSync(path);
    expect(() => open(path), path).toThrow(unreadable);
    expect(readFileSync(path), path).toEqual(before);
  }
});

test("a folder, or a path that can't be made, is refused with the reason", () => {
  using folder = temporaryFolder();
  expect(() => open(folder.path)).toThrow(unreadable);
  expect(() => open(join(folder.path, "missing", "capture.sqlite"))).toThrow(
    expect.objectContaining({ message: expect.stringContaining("ENOENT") }),
  );
});

test("an empty file becomes a capture", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "capture.sqlite");
  writeFileSync(path, "");
  open(path).close();
  expect(readFileSync(path).subarray(0, 15).toString()).toBe("SQLite format 3");
});

test("the reading side can't write", () => {
  using store = temporaryWriter();
  const database = openForReading(store.path);
  expect(() => database.exec("DELETE FROM store")).toThrow(/readonly/);
  database.close();
});
