/** HARs of other tools: what each says of requests that were answered, wait, or came to nothing. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ExchangeCopy } from "../../../../src/interchange/exchange-copy.ts";
import { openFile } from "../../../../src/interchange/open-file.ts";
import { temporaryFolder } from "../copies.ts";
import {
  charles,
  chrome,
  firefox,
  httpToolkit,
  mitmproxy,
  odd,
  proxyman,
  safari,
} from "./foreign-hars.ts";

async function read(har: object | string): Promise<{ copies: ExchangeCopy[]; maker: string }> {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.har");
  writeFileSync(path, typeof har === "string" ? har : JSON.stringify(har));
  const file = await openFile(path, { format: "har", password: null, onRead: () => undefined });
  try {
    const copies: ExchangeCopy[] = [];
    for await (const copy of file.copies()) copies.push(copy);
    return { copies, maker: file.facts().maker };
  } finally {
    await file.close();
  }
}

const outcomes = (copies: readonly ExchangeCopy[]) =>
  copies.map(({ outcome }) =>
    outcome.kind === "failed" ? `${outcome.phase} ${outcome.cause} ${outcome.blame}` : outcome.kind,
  );
const text = (bytes: Uint8Array | null | undefined): string =>
  Buffer.from(bytes ?? []).toString("utf8");

test("Chrome and Edge", async () => {
  const { copies, maker } = await read(chrome);
  expect(maker).toBe("WebInspector 537.36");
  expect(outcomes(copies)).toEqual([
    "responded",
    "headers closed-early client",
    "headers reset server",
    "responded",
  ]);
  const [first, , , socket] = copies;
  expect(first?.request?.head).toBe("GET /finesse/api/SystemInfo HTTP/1.1\r\naccept: */*\r\n\r\n");
  expect(first?.response).toMatchObject({ decoded: true });
  expect(text(first?.response?.body)).toBe("<a>ñ</a>");
  expect(first).toMatchObject({
    port: 8445,
    serverAddress: "2001:db8::1",
    connection: "1234",
    timing: { requestSent: 1.5, responseFirst: 21.5, responseEnd: 23.5 },
  });
  expect(socket).toMatchObject({ kind: "websocket" });
  expect(socket?.frames.map(({ from, opcode }) => [from, opcode])).toEqual([
    ["client", 1],
    ["server", 2],
  ]);
  expect(Buffer.from(socket?.frames[1]?.body ?? [])).toEqual(Buffer.from([0xff, 0xee]));
});

test("Firefox", async () => {
  const { copies, maker } = await read(firefox);
  expect(maker).toBe("Firefox 140.0 Firefox");
  // It gives no reason: a request that was given up looks like one that waits.
  expect(outcomes(copies)).toEqual(["responded", "pending"]);
  expect(copies[0]?.atWall).toBe(Date.parse("2026-03-01T10:00:00Z"));
  expect(text(copies[0]?.request?.body)).toBe("<body/>");
});

test("Safari", async () => {
  const { copies } = await read(safari);
  expect(outcomes(copies)).toEqual(["responded"]);
  expect(text(copies[0]?.response?.body)).toBe("<a/>");
});

test("mitmproxy", async () => {
  const { copies } = await read(mitmproxy);
  expect(outcomes(copies)).toEqual(["headers closed-early client", "pending"]);
  expect(copies[0]).toMatchObject({ port: 8445, response: null, timing: { failed: 30_000 } });
});

test("HTTP Toolkit and Proxyman: what waits has no answer", async () => {
  for (const har of [httpToolkit, proxyman]) {
    const { copies } = await read(har);
    expect(outcomes(copies)).toEqual(["pending"]);
    expect(copies[0]).toMatchObject({ response: null, pendingMs: 0 });
  }
});

test("Charles: order of time, forms, bodies left out", async () => {
  const { copies } = await read(charles);
  expect(copies.map(({ atWall }) => new Date(atWall).getUTCSeconds())).toEqual([0, 9]);
  expect(copies.map(({ request }) => text(request?.body))).toEqual(["%C3%B1=%26", "a=1&b=%C3%B1"]);
  expect(copies[0]?.response).toMatchObject({ body: null, cut: true, wireLength: 5_000_000 });
});

test("odd ones are read as far as they go, and never thrown at people", async () => {
  const { copies } = await read(odd);
  expect(copies.map(({ host, port }) => [host, port])).toEqual([
    ["::1", 8080],
    ["fin1.demo.test", 443],
  ]);
  expect(copies.at(-1)?.request?.head).toBe("GET /x HTTP/1.1\r\nA B: c d\r\n\r\n");
});

test("a byte-order mark, and a file that ends in the middle", async () => {
  const whole = JSON.stringify(chrome);
  expect((await read(`\ufeff${whole}`)).copies).toHaveLength(4);
  const cut = await read(whole.slice(0, Math.floor(whole.length * 0.7)));
  expect(cut.copies.length).toBeGreaterThan(0);
  expect(cut.copies.length).toBeLessThan(4);
});

test("what is no HAR is refused with a sentence", async () => {
  for (const wrong of ['{"a":1}', '{"log":{"entries":{}}}', '{"log":{"x":[1]}}'])
    await expect(read(wrong)).rejects.toMatchObject({ code: "file-unreadable" });
  await expect(read('{"log":{"entries":[{"a":}]}}')).rejects.toMatchObject({
    code: "file-unreadable",
  });
});
