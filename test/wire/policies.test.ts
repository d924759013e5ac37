/** The ways out that are set by the user: a proxy in front of us, and what happens when a server's certificate is not the pinned one. */
import { once } from "node:events";
import { createServer as createHttpsServer, type Server } from "node:https";
import {
  type AddressInfo,
  connect,
  createServer,
  type Socket,
  type Server as TcpServer,
} from "node:net";
import { connect as connectTls, createServer as createTlsServer, type TLSSocket } from "node:tls";
import { expect, test } from "vitest";
import { memoryPins } from "../../src/intercept/pins.ts";
import { type RecordingProxy, startBoshscope } from "../support/proxy-under-test.ts";
import {
  demoHost,
  demoPort,
  type TestIdentity,
  trusted,
  untrusted,
} from "../support/tls-fixtures.ts";

async function startServer(identity: TestIdentity): Promise<Server> {
  const server = createHttpsServer(
    { key: identity.key, cert: identity.cert },
    (_request, response) => response.end("finesse"),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

const portOf = (server: { address(): AddressInfo | string | null }): number =>
  (server.address() as AddressInfo).port;

async function secureThrough(proxy: RecordingProxy): Promise<TLSSocket> {
  const raw = connect(proxy.port, "127.0.0.1");
  await once(raw, "connect");
  raw.write(`CONNECT ${demoHost}:${demoPort} HTTP/1.1\r\nHost: ${demoHost}:${demoPort}\r\n\r\n`);
  await once(raw, "data");
  const secure = connectTls({ socket: raw, servername: demoHost, ca: proxy.ca });
  secure.on("error", () => undefined);
  await once(secure, "secureConnect");
  return secure;
}

/** Everything the client is told until the connection ends; "" and an error code when it is reset. */
async function ask(proxy: RecordingProxy, head: string): Promise<{ text: string; code: string }> {
  const socket = await secureThrough(proxy);
  let text = "";
  let code = "";
  socket.on("data", (bytes: Buffer) => (text += bytes.toString("latin1")));
  socket.on("error", (error: NodeJS.ErrnoException) => (code = error.code ?? ""));
  socket.write(`${head}\r\nHost: ${demoHost}:${demoPort}\r\nConnection: close\r\n\r\n`);
  // Not `once` of node:events: it would fail at the reset that is asked about.
  await new Promise((resolve) => socket.once("close", resolve));
  return { text, code };
}

const navigation = "GET /desktop HTTP/1.1\r\nSec-Fetch-Mode: navigate";
const script = "GET /finesse/api/SystemInfo HTTP/1.1\r\nSec-Fetch-Mode: cors";

test("a changed certificate is refused: a page marked as ours for people, a reset for scripts", async () => {
  const first = await startServer(trusted);
  const second = await startServer(untrusted);
  const pins = memoryPins();
  await using before = await startBoshscope(
    { [`${demoHost}:${demoPort}`]: portOf(first) },
    { serverCerts: "pin", pins },
  );
  expect((await ask(before, navigation)).text).toContain("finesse");
  await using after = await startBoshscope(
    { [`${demoHost}:${demoPort}`]: portOf(second) },
    { serverCerts: "pin", pins },
  );
  const page = await ask(after, navigation);
  expect(page.text).toContain("HTTP/1.1 502 Boshscope");
  expect(page.text).toContain("certificate has changed");
  expect(page.text).not.toContain("finesse</");
  expect(await ask(after, script)).toEqual({ text: "", code: "ECONNRESET" });
  await after.event("connection-error", ({ name }) => name === "certificate-changed");
  await after.event(
    "exchange-failed",
    ({ cause, blame }) => cause === "certificate-changed" && blame === "boshscope",
  );
  first.close();
  second.close();
});

test("strict refuses what a browser would not trust; off takes anything", async () => {
  const server = await startServer(untrusted);
  await using strict = await startBoshscope(
    { [`${demoHost}:${demoPort}`]: portOf(server) },
    { serverCerts: "strict" },
  );
  expect((await ask(strict, script)).code).toBe("ECONNRESET");
  await strict.event("connection-error", ({ name }) => name === "certificate-invalid");
  await using off = await startBoshscope(
    { [`${demoHost}:${demoPort}`]: portOf(server) },
    { serverCerts: "off" },
  );
  expect((await ask(off, script)).text).toContain("finesse");
  server.close();
});

/** A CONNECT proxy that wants Basic credentials; every tunnel leads to `target`. */
async function startCorporateProxy(target: number, secure: boolean): Promise<TcpServer> {
  const serve = (socket: Socket): void => {
    socket.on("error", () => socket.destroy());
    socket.once("data", (bytes: Buffer) => {
      const expected = `Proxy-Authorization: Basic ${Buffer.from("corp:p@ss").toString("base64")}`;
      if (!bytes.toString("latin1").includes(expected)) {
        socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
        return;
      }
      const server = connect(target, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(server).pipe(socket);
      });
      server.on("error", () => socket.destroy());
    });
  };
  const proxy = secure
    ? createTlsServer({ key: trusted.key, cert: trusted.cert }, serve)
    : createServer(serve);
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return proxy;
}

test("a proxy in front is used, with its credentials", async () => {
  const server = await startServer(trusted);
  const corporate = await startCorporateProxy(portOf(server), false);
  const upstream = `http://corp:p%40ss@127.0.0.1:${portOf(corporate)}`;
  await using proxy = await startBoshscope({}, { upstream, resolve: new Map() });
  expect((await ask(proxy, script)).text).toContain("finesse");
  server.close();
  corporate.close();
});

test("a proxy in front that refuses is a named error, and a reset for the client", async () => {
  const corporate = await startCorporateProxy(1, false);
  const upstream = `http://corp:wrong@127.0.0.1:${portOf(corporate)}`;
  await using proxy = await startBoshscope({}, { upstream, resolve: new Map() });
  const raw = connect(proxy.port, "127.0.0.1");
  raw.on("error", () => undefined);
  raw.write(`CONNECT ${demoHost}:${demoPort} HTTP/1.1\r\n\r\n`);
  const error = await proxy.event(
    "connection-error",
    ({ name }) => name === "upstream-proxy-refused",
  );
  expect(error.detail).toContain("407");
  await proxy.event("exchange-failed", ({ cause }) => cause === "upstream-proxy");
  corporate.close();
});
