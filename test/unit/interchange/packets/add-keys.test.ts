import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { withKeys } from "../../../../src/interchange/packets/add-keys.ts";
import { clientRandomsIn, keysIn } from "../../../../src/interchange/packets/key-log.ts";
import {
  interfaceBlock,
  packetBlock,
  sectionBlock,
} from "../../../../src/interchange/packets/pcapng.ts";
import { temporaryFolder } from "../copies.ts";

const random = (byte: string): string => byte.repeat(32);
const hello = (hex: string): Buffer =>
  Buffer.concat([
    Buffer.from("16030100410100003d0303", "hex"),
    Buffer.from(hex, "hex"),
    Buffer.alloc(30),
  ]);
const keyLog = [
  "# of Firefox",
  `CLIENT_RANDOM ${random("aa")} ${"11".repeat(48)}`,
  `CLIENT_HANDSHAKE_TRAFFIC_SECRET ${random("BB")} ${"22".repeat(32)}`,
  `SERVER_HANDSHAKE_TRAFFIC_SECRET ${random("bb")} ${"33".repeat(32)}`,
  `SERVER_HANDSHAKE_TRAFFIC_SECRET ${random("bb")} ${"33".repeat(32)}`,
  "CLIENT_RANDOM too short",
].join("\r\n");

async function keyed(folder: string, frames: readonly Buffer[], keys: string): Promise<Buffer> {
  const [capture, log] = [join(folder, "a.pcapng"), join(folder, "keys.log")];
  const packets = frames.map((frame, at) => packetBlock({ at, leg: 0, frame, comments: [] }));
  const blocks = [sectionBlock("test", []), interfaceBlock("lo", ""), ...packets];
  writeFileSync(capture, Buffer.concat(blocks));
  writeFileSync(log, keys);
  const made = await withKeys(capture, log);
  const parts: Buffer[] = [];
  for await (const part of made.bytes()) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

test("keys by client random, each once; all else is left out", () => {
  const keys = keysIn(keyLog);
  expect([...keys.keys()]).toEqual([random("aa"), random("bb")]);
  expect(keys.get(random("bb"))).toHaveLength(2);
  expect(clientRandomsIn(Buffer.concat([Buffer.from("160301"), hello(random("ab"))]))).toEqual([
    random("ab"),
  ]);
});

test("only keys of connections that are in the capture go in, before the first packet", async () => {
  using folder = temporaryFolder();
  const padding = Buffer.alloc(100_000, 0x16);
  const bytes = await keyed(folder.path, [padding, hello(random("bb"))], keyLog);
  const text = bytes.toString("latin1");
  expect(text).toContain("CLIENT_HANDSHAKE_TRAFFIC_SECRET");
  expect(text).not.toContain("aaaa");
  const section = bytes.readUInt32LE(4);
  expect(bytes.readUInt32LE(section)).toBe(0x0a);
  expect(bytes.toString("latin1", section + 8, section + 12)).toBe("KSLT");
});

test.each([
  ["keys of other connections", hello(random("cc")), keyLog, /none of its keys belongs/],
  ["no keys", hello(random("bb")), "nothing", /no TLS key/],
])("%s: refused with the reason", async (_name, frame, keys, why) => {
  using folder = temporaryFolder();
  await expect(keyed(folder.path, [frame], keys)).rejects.toThrow(why);
});

test("what is no pcapng is refused, with the way to make one of it", async () => {
  using folder = temporaryFolder();
  const [capture, log] = [join(folder.path, "a.pcap"), join(folder.path, "keys.log")];
  writeFileSync(capture, Buffer.alloc(64, 0xd4));
  writeFileSync(log, keyLog);
  await expect(withKeys(capture, log)).rejects.toMatchObject({
    code: "file-unreadable",
    remedy: expect.stringContaining("editcap"),
  });
});
