/** Beginning and end: ports that can't be had, and nothing left open. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { expect, test } from "vitest";
import { startTestServer } from "./started-server.ts";

/** Resolves when the socket is closed, in whatever way. */
const gone = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.on("error", () => resolve());
    socket.on("close", () => resolve());
  });

test("a port in use is refused with its remedy", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  await expect(startTestServer({ port })).rejects.toMatchObject({
    code: "port-in-use",
    remedy: expect.stringContaining("--page-port"),
  });
  taken.close();
});

test("a foreign address is refused with its remedy", async () => {
  const host = "192.0.2.1";
  await expect(startTestServer({ host })).rejects.toMatchObject({
    code: "address-not-available",
  });
});

test("closing ends idle connections, half requests and feeds, and frees the port", async () => {
  const bench = await startTestServer();
  const { port } = bench.server;
  const reader = await bench.feed();
  const idle = connect(port, "127.0.0.1");
  const half = connect(port, "127.0.0.1");
  half.write("POST /api/capture HTTP/1.1\r\nHost: 127");
  const ended = Promise.all([idle, half].map(gone));
  await Promise.all([once(idle, "connect"), once(half, "connect")]);
  const told = reader.closed();
  await bench[Symbol.asyncDispose]();
  await ended;
  expect([1001, 1006]).toContain(await told);
  await using again = await startTestServer({ port });
  expect(again.server.port).toBe(port);
});

test("closing twice is closing once", async () => {
  await using bench = await startTestServer();
  await Promise.all([bench.server.close(), bench.server.close()]);
});

test("the port it got is in its url", async () => {
  await using bench = await startTestServer();
  expect(bench.server.port).toBeGreaterThan(0);
  expect(new URL(bench.server.url).port).toBe(String(bench.server.port));
});
