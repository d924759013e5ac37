/** SAZ archives of other tools, plain and encrypted. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ExchangeCopy } from "../../../../src/interchange/exchange-copy.ts";
import { formatOf, openFile } from "../../../../src/interchange/open-file.ts";
import { captureOf, temporaryFolder } from "../copies.ts";
import { archiveOf, everywhere, type Files, fiddler, fluxzy, whistle } from "./foreign-sazs.ts";

async function read(
  bytes: Uint8Array,
  password: string | null = null,
): Promise<{ copies: ExchangeCopy[]; maker: string }> {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.saz");
  writeFileSync(path, bytes);
  expect(await formatOf(path)).toBe("saz");
  const file = await openFile(path, { format: "saz", password, onRead: () => undefined });
  try {
    const copies: ExchangeCopy[] = [];
    for await (const copy of file.copies()) copies.push(copy);
    return { copies, maker: file.facts().maker };
  } finally {
    await file.close();
  }
}

const text = (bytes: Uint8Array | null | undefined): string =>
  Buffer.from(bytes ?? []).toString("utf8");

test("Fiddler: answered, waiting, given up, a tunnel", async () => {
  const { copies, maker } = await read(await archiveOf(fiddler));
  expect(maker).toMatch(/^Fiddler \(v5/);
  expect(copies.map(({ outcome, kind }) => [kind, outcome.kind])).toEqual([
    ["http", "responded"],
    ["http", "pending"],
    ["http", "failed"],
    ["tunnel", "responded"],
  ]);
  const [answered, , failed, tunnel] = copies;
  expect(answered).toMatchObject({
    url: "https://fin1.demo.test:7443/http-bind/",
    port: 7443,
    atWall: Date.parse("2026-03-01T10:00:00Z"),
    comment: "held 30 s & empty",
    mark: "gold",
    client: { address: "127.0.0.1", port: 50_123, process: "chrome:4711" },
    timing: { serverConnected: -50, requestSent: 3, responseFirst: 30_003, delivered: 30_007 },
  });
  expect(answered?.request?.head).toMatch(/^POST \/http-bind\/ HTTP\/1.1\r\n/);
  expect(text(answered?.request?.body)).toBe("<body rid='1' sid='a'/>");
  expect(text(answered?.response?.body)).toBe("<body/>");
  expect(failed?.outcome).toMatchObject({ status: null, blame: "server" });
  expect(failed?.response).toBeNull();
  expect(tunnel).toMatchObject({
    host: "fin1.demo.test",
    wire: { request: 1200, response: 56_000 },
  });
});

test("what Fiddler had waiting stays waiting when imported, and its sessions are followed", async () => {
  const { copies } = await read(await archiveOf(fiddler));
  await using capture = await captureOf(copies);
  expect(capture.folded).toMatchObject({ exchanges: 4, pending: 1, failed: 1 });
  expect(capture.folded.timeline.sessions.map(({ sid }) => sid)).toEqual(["a"]);
});

test("Fiddler Everywhere: what only it writes is passed over", async () => {
  const { copies } = await read(await archiveOf(everywhere, {}, ""));
  expect(copies).toMatchObject([
    { outcome: { kind: "responded", status: 200 }, comment: "¿por qué?" },
  ]);
  expect(text(copies[0]?.response?.body)).toBe("<body/>");
});

test("whistle", async () => {
  const { copies, maker } = await read(await archiveOf(whistle, {}, ""));
  expect(maker).toBe("whistle");
  expect(copies.map(({ outcome }) => outcome.kind)).toEqual(["pending"]);
});

test("Fluxzy: no answer file, BitFlags in decimal", async () => {
  const { copies } = await read(await archiveOf(fluxzy, {}, ""));
  expect(copies.map(({ outcome }) => outcome.kind)).toEqual(["pending"]);
  // 25 in decimal has the bit of HTTPS, and so has the path alone with its Host.
  expect(copies[0]?.url).toBe("https://fin1.demo.test:7443/http-bind/");
});

const encryptions = [
  ["ZipCrypto", { zipCrypto: true }],
  ["AES-128", { encryptionStrength: 1 as const }],
  ["AES-256", { encryptionStrength: 3 as const }],
] as const;

for (const [name, options] of encryptions) {
  test(`with a password: ${name}`, async () => {
    const bytes = await archiveOf(fiddler, { password: "Geheim", ...options });
    expect((await read(bytes, "Geheim")).copies).toHaveLength(4);
    await expect(read(bytes)).rejects.toMatchObject({ code: "password-needed" });
    await expect(read(bytes, "other")).rejects.toMatchObject({ code: "password-needed" });
  });
}

test("what is no SAZ, or damaged, is refused with a sentence", async () => {
  const files: Files = { "a.txt": "x" };
  await expect(read(await archiveOf(files))).rejects.toMatchObject({ code: "file-unreadable" });
  const bytes = await archiveOf(fiddler);
  const damaged = bytes.slice(0, bytes.length - 100);
  await expect(read(damaged)).rejects.toMatchObject({ code: "file-unreadable" });
});
