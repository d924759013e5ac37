/** What a server may do: not be there, say nothing, leave at once, speak nonsense, or speak a TLS of long ago. */
import { createServer } from "node:net";
import { expect, test } from "vitest";
import { head, request } from "../support/http-text.ts";
import { startBoshscope } from "../support/proxy-under-test.ts";
import { connectThrough, secure } from "../support/scripted-client.ts";
import { ScriptedServer } from "../support/scripted-server.ts";
import { demoAuthority, WireBench } from "../support/wire-bench.ts";

const plainServer = { server: { identity: null } };

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

test("a server that refuses gives the client a reset and a named row, never an answer", async () => {
  const resolve = new Map([[demoAuthority, { address: "127.0.0.1", port: await closedPort() }]]);
  await using bench = await WireBench.start({ intercept: { resolve } });
  expect(await bench.attempt()).toBe("ECONNRESET");
  await bench.error("server-refused");
  const failed = await bench.proxy.event("exchange-failed");
  expect(failed).toMatchObject({ phase: "connect", cause: "refused", blame: "server" });
  await bench.empties();
});

test("a server that closes at once", async () => {
  await using bench = await WireBench.start(plainServer);
  bench.server.answerEach((server) => server.fin());
  expect(await bench.attempt()).toBe("ECONNRESET");
  await bench.error("tls-server-failed");
  const failed = await bench.proxy.event("exchange-failed");
  expect(failed).toMatchObject({ phase: "tls", blame: "server" });
  await bench.serves();
  await bench.empties();
});

test("a server that resets at once", async () => {
  await using bench = await WireBench.start(plainServer);
  bench.server.answerEach(async (server) => server.reset());
  expect(await bench.attempt()).toBe("ECONNRESET");
  const failed = await bench.proxy.event("exchange-failed");
  expect(failed).toMatchObject({ cause: "reset", blame: "server" });
  await bench.serves();
  await bench.empties();
});

test.each(
  Object.entries({
    "plain HTTP": head("HTTP/1.1 400 This is no TLS port"),
    noise: "\u0001\u0002\u0003 noise",
    "a TLS alert": "\u0015\u0003\u0003\u0000\u0002\u0002\u0028",
  }),
)("a server that answers a ClientHello with %s", async (_, bytes) => {
  await using bench = await WireBench.start(plainServer);
  bench.server.answerEach(async (server) => {
    await server.readBytes(100);
    await server.write(bytes);
  });
  expect(await bench.attempt()).toBe("ECONNRESET");
  await bench.error("tls-server-failed");
  await bench.proxy.event(
    "exchange-failed",
    ({ phase, blame }) => phase === "tls" && blame === "server",
  );
  await bench.serves();
  await bench.empties();
});

test("a server that says nothing: the client waits, leaves, and the server is told", async () => {
  await using bench = await WireBench.start(plainServer);
  const client = await bench.tunnel();
  const server = await bench.server.next();
  await client.write("\u0016\u0003\u0001");
  client.reset();
  await server.closed();
  await bench.error("client-gone");
  await bench.serves();
  await bench.empties();
});

test.each(
  Object.entries({
    "no HTTP": "what is this\r\n\r\n",
    "a status of letters": head("HTTP/1.1 abc OK"),
    "a broken chunk": `${head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")}xyz\r\n`,
    "a second answer to one request": `${head("HTTP/1.1 200 OK", "Content-Length: 0")}${head("HTTP/1.1 200 OK", "Content-Length: 0")}`,
  }),
)("a server that answers a request with %s: relayed, and said so", async (_, bytes) => {
  await using bench = await WireBench.start();
  const { client, server } = await bench.open();
  await client.write(request("GET /"));
  await server.readHead();
  await server.write(bytes);
  expect((await client.readBytes(bytes.length)).toString("latin1")).toBe(bytes);
  await bench.proxy.event("unparsed", ({ from }) => from === "server");
  await server.fin();
  await client.closed();
  await bench.serves();
  await bench.empties();
});

test("an answer of 1 MB of headers passes as it is", async () => {
  await using bench = await WireBench.start();
  const { client, server } = await bench.open();
  await client.write(request("GET /"));
  await server.readHead();
  const long = head("HTTP/1.1 200 OK", `X: ${"a".repeat(1_000_000)}`, "Content-Length: 0");
  await server.write(long);
  expect((await client.readBytes(long.length)).toString("latin1") === long).toBe(true);
  await bench.proxy.event("response-head");
  await bench.serves();
  await bench.empties();
});

const oldTls = {
  minVersion: "TLSv1",
  maxVersion: "TLSv1",
  ciphers: "DEFAULT:@SECLEVEL=0",
} as const;

test("a server of TLS 1.0 is refused by name", async () => {
  await using bench = await WireBench.start({ server: { tls: oldTls } });
  expect(await bench.attempt()).toBe("ECONNRESET");
  await bench.error("tls-server-failed");
  await bench.serves();
  await bench.empties();
});

test("with legacy TLS allowed, a server of TLS 1.0 is served, and the record says so", async () => {
  await using bench = await WireBench.start({
    server: { tls: oldTls },
    intercept: { legacyTls: true },
  });
  const { client, server } = await bench.open();
  await client.write(request("GET /old"));
  await server.readHead();
  const facts = await bench.proxy.event(
    "connection-facts",
    (event) => event.facts.serverTls !== undefined && event.facts.serverTls !== null,
  );
  expect(facts.facts.serverTls?.version).toBe("TLSv1");
  await bench.serves();
  await bench.empties();
});

test("a server by IPv6 literal is dialled there and vouched for by its address", async () => {
  await using server = await ScriptedServer.start({ host: "::1" });
  await using bench = await WireBench.start({
    intercept: { scope: { decryptPorts: [server.port, 7443], finesse: [] } },
  });
  const opening = bench.attempt(`[::1]:${server.port}`, { serverName: null });
  const [code] = await Promise.all([opening, server.next()]);
  expect(code).toBe("");
  const facts = await bench.proxy.event(
    "connection-facts",
    (event) => (event.facts.shownNames?.length ?? 0) > 0,
  );
  expect(facts.facts.shownNames).toContain("::1");
  await bench.serves();
  server.hangUp();
  await bench.empties();
});

test.each(["127.0.0.2", "::1"])(
  "a proxy that listens on %s decrypts like any other",
  async (host) => {
    await using server = await ScriptedServer.start();
    await using proxy = await startBoshscope({ [demoAuthority]: server.port }, { host });
    const raw = await connectThrough(proxy.port, demoAuthority, host);
    const [client, peer] = await Promise.all([secure(raw, { ca: proxy.ca }), server.next()]);
    await client.write(request("GET /"));
    expect(await peer.readHead()).toBe(request("GET /"));
    await client.fin();
  },
);

test("a port in use is refused by name", async () => {
  await using first = await startBoshscope({});
  await expect(startBoshscope({}, { port: first.port })).rejects.toMatchObject({
    code: "port-in-use",
  });
});

test("closing the proxy ends every open tunnel, at both ends", async () => {
  await using bench = await WireBench.start();
  const { client, server } = await bench.open();
  const silent = await bench.tunnel();
  await bench.proxy[Symbol.asyncDispose]();
  await Promise.all([client.closed(), server.closed(), silent.closed()]);
  expect(bench.proxy.openConnections()).toBe(0);
});
