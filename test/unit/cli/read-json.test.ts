import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readJson } from "../../../src/cli/read-json.ts";

test("what is not JSON, and what can't be read, are told apart", () => {
  const folder = mkdtempSync(join(tmpdir(), "boshscope-json-"));
  const path = join(folder, "rules.json");
  writeFileSync(path, "rules");
  expect(readJson('{"a": 1}')).toEqual({ a: 1 });
  expect(() => readJson("{bad")).toThrow(/^What was given is not JSON: /);
  expect(() => readJson(path)).toThrow(`The file ${path} is not JSON: `);
  expect(() => readJson(join(folder, "none"))).toThrow("there is no such file");
  expect(() => readJson(folder)).toThrow("it is a folder");
  rmSync(folder, { recursive: true });
});
