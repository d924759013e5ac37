import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { openKeyLog } from "../../src/key-log.ts";
import { temporaryFolder } from "./interchange/copies.ts";

const never = (why: string): never => {
  throw new Error(why);
};

test("the owner alone may read it, also when it was there before; lines are added", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "keys.log");
  writeFileSync(path, "# of another program\n");
  chmodSync(path, 0o666);
  const keys = openKeyLog(path, never);
  keys.write(Buffer.from("CLIENT_RANDOM 00 11\n"));
  expect(readFileSync(path, "utf8")).toBe("# of another program\nCLIENT_RANDOM 00 11\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  keys.close();
  keys.write(Buffer.from("CLIENT_RANDOM 22 33\n"));
  expect(readFileSync(path, "utf8")).not.toContain("22");
});

test("a place that can't be written is named", () => {
  using folder = temporaryFolder();
  expect(() => openKeyLog(join(folder.path, "no", "keys.log"), never)).toThrow(/key log .*no.keys/);
});

test("SSLKEYLOGFILE is obeyed unless another file is named", () => {
  const env = { SSLKEYLOGFILE: "/tmp/a.log" };
  const named = (argv: readonly string[], more = {}): string | undefined =>
    readConfig(argv, { ...env, ...more }).settings.keylog;
  expect(named([])).toBe("/tmp/a.log");
  expect(named(["--keylog", "/tmp/b.log"])).toBe("/tmp/b.log");
  expect(named([], { BOSHSCOPE_KEYLOG: "/tmp/c.log" })).toBe("/tmp/c.log");
  expect(readConfig([], {}).settings.keylog).toBeUndefined();
});
