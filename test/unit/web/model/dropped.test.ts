import { expect, test } from "vitest";
import { kindOf } from "../../../../web/model/dropped.ts";

const key = `CLIENT_RANDOM ${"0a".repeat(32)} ${"1b".repeat(48)}`;

test.each([
  ["a.pcapng", [0x0a, 0x0d, 0x0d, 0x0a], "capture"],
  ["a.bin", [0xd4, 0xc3, 0xb2, 0xa1], "capture"],
  ["a.saz", [0x50, 0x4b, 3, 4], "capture"],
  ["logs.zip", [0x50, 0x4b, 3, 4], "log"],
  ["a.boshscope", "SQLite format 3\0", "capture"],
  ["a.har", '\ufeff {"log":{', "capture"],
  ["client.log", '{"not": "a HAR"}', "log"],
  ["keys.log", `# a comment\r\n${key}\r\n`, "keys"],
  ["openfire.log", "2026.03.01 10:00:00 INFO CLIENT_RANDOM 00", "log"],
  ["empty", [], "log"],
] as const)("%s", (name, start, kind) => {
  const bytes = typeof start === "string" ? Buffer.from(start) : Uint8Array.from(start);
  expect(kindOf(name, bytes)).toBe(kind);
});
