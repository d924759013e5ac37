/** What arrives on the proxy's own port: CONNECT as nobody should write it, and HTTP that is not for a proxy. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { answer, head } from "../support/http-text.ts";
import { testAuthority } from "../support/proxy-under-test.ts";
import { demoAuthority, WireBench } from "../support/wire-bench.ts";

const connect = (authority: string): string =>
  `CONNECT ${authority} HTTP/1.1\r\nHost: ${demoAuthority}\r\n\r\n`;

const malformed: Readonly<Record<string, string>> = {
  "no port": connect("fin1.demo.test"),
  "no host": connect(":7443"),
  "port 0": connect("fin1.demo.test:0"),
  "port 65536": connect("fin1.demo.test:65536"),
  "port 99999": connect("fin1.demo.test:99999"),
  "a negative port": connect("fin1.demo.test:-1"),
  "a port in words": connect("fin1.demo.test:https"),
  "a port in hex": connect("fin1.demo.test:0x1d13"),
  "two ports": connect("fin1.demo.test:7443:7443"),
  "a port as host (8445:8445)": connect("8445:8445"),
  "three quarters of an address (1.2.3)": connect("1.2.3:443"),
  "an address with a big number": connect("1.2.3.999:443"),
  "an open bracket": connect("[::1:7443"),
  "IPv6 without brackets": connect("::1:7443"),
  "IPv6 with a letter too far": connect("[::g]:7443"),
  "a name in brackets": connect("[fin1.demo.test]:7443"),
  credentials: connect("user:secret@fin1.demo.test:7443"),
  "a path out of the folder": connect("../../../../tmp/boshscope-escape:443"),
  "a path": connect("fin1.demo.test:7443/path"),
  "a URL": connect("https://fin1.demo.test:7443/"),
  "an empty label": connect("fin1..test:7443"),
  "only a dot": connect(".:7443"),
  "a label that begins with a hyphen": connect("-fin1.test:7443"),
  "a name of 300 letters": connect(`${"a".repeat(300)}:7443`),
  "a label of 64 letters": connect(`${"a".repeat(64)}.test:7443`),
  "an escaped NUL": connect("fin1%00.test:7443"),
  "a wildcard": connect("*.demo.test:7443"),
  "letters beyond ASCII": connect("f\u00efn1.demo.test:7443"),
  "a NUL": connect("fin1\u0000.demo.test:7443"),
  "a space": connect("fin1 .demo.test:7443"),
  nothing: connect(""),
  "version 9": "CONNECT fin1.demo.test:7443 HTTP/9.9\r\n\r\n",
  "a header without name": `CONNECT ${demoAuthority} HTTP/1.1\r\n: x\r\n\r\n`,
  "a header with a NUL": `CONNECT ${demoAuthority} HTTP/1.1\r\nHost: a\u0000\r\n\r\n`,
  "200 KB of headers": `CONNECT ${demoAuthority} HTTP/1.1\r\nX: ${"a".repeat(200_000)}\r\n\r\n`,
};

test.each(Object.entries(malformed))("CONNECT with %s is refused by name", async (_, bytes) => {
  await using bench = await WireBench.start();
  const client = await bench.plain(bytes);
  await bench.error("malformed-connect");
  expect(await client.readToClose()).toMatch(/^HTTP\/1\.1 4\d\d |^$/);
  expect(bench.server.accepted).toBe(0);
  await bench.serves();
  await bench.empties();
});

test.each(["__proto__", "constructor", "toString", "ca", "hasOwnProperty", "con", "nul"])(
  "a server named %s is served like any other, and the root stays what it was",
  async (name) => {
    const authority = await testAuthority();
    const root = readFileSync(authority.path, "latin1");
    await using bench = await WireBench.start({ routes: [`${name.toLowerCase()}:7443`] });
    const { client, server } = await bench.open(`${name}:7443`, { serverName: null });
    await client.write(head("GET / HTTP/1.1", `Host: ${name}`));
    await server.readHead();
    await server.write(answer("named"));
    await client.readHead();
    await bench.proxy.event("response-end");
    expect(readFileSync(authority.path, "latin1")).toBe(root);
    await bench.serves();
    await bench.empties();
  },
);

test("the CONNECT target counts, not its Host header", async () => {
  await using bench = await WireBench.start();
  const client = await bench.plain(
    `CONNECT ${demoAuthority} HTTP/1.1\r\nHost: fin2.demo.test:7443\r\n\r\n`,
  );
  await client.readHead();
  await bench.server.next();
  const facts = await bench.proxy.event(
    "connection-facts",
    (event) => event.facts.host !== undefined,
  );
  expect(facts.facts).toMatchObject({ host: "fin1.demo.test", port: 7443 });
  await bench.serves();
  await bench.empties();
});

const page: Readonly<Record<string, string>> = {
  "a request to the proxy's own address": head("GET / HTTP/1.1", "Host: 127.0.0.1:8888"),
  "a port beyond 65535": head("GET http://fin1.demo.test:99999/ HTTP/1.1", "Host: h:99999"),
  "a WebSocket upgrade with an empty Host": head(
    "GET / HTTP/1.1",
    "Host:",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
  ),
  "an ftp URL": head("GET ftp://fin1.demo.test/ HTTP/1.1", "Host: fin1.demo.test"),
  "an https URL": head("GET https://fin1.demo.test/ HTTP/1.1", "Host: fin1.demo.test"),
  "no target": head("GET  HTTP/1.1"),
  "HTTP/1.0 without Host": head("GET / HTTP/1.0"),
  "not HTTP": "FOO\r\n\r\n",
  "an SSH greeting": "SSH-2.0-OpenSSH_9.2\r\n\r\n",
  "TLS right away": "\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0003\r\n\r\n",
  "SOCKS 5": "\u0005\u0001\u0000\r\n\r\n",
  "content-length and chunked at once": head(
    "POST http://fin1.demo.test:8082/ HTTP/1.1",
    "Content-Length: 3",
    "Transfer-Encoding: chunked",
  ),
};

test.each(Object.entries(page))(
  "%s gets an answer marked as ours, or the door",
  async (_, bytes) => {
    await using bench = await WireBench.start();
    const client = await bench.plain(bytes);
    await bench.error("malformed-request");
    expect(await client.readToClose()).toMatch(/^HTTP\/1\.1 400 .*X-Boshscope: /s);
    expect(bench.server.accepted).toBe(0);
    await bench.serves();
    await bench.empties();
  },
);

test.each(["localhost", "127.0.0.1", "127.0.0.2", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]"])(
  "a request to our own port by way of %s does not loop",
  async (host) => {
    await using bench = await WireBench.start();
    const own = `${host}:${bench.proxy.port}`;
    const tunnel = await bench.plain(connect(own));
    await bench.error("own-address");
    await tunnel.readToClose();
    const from = bench.proxy.events.length;
    const plain = await bench.plain(head(`GET http://${own}/ HTTP/1.1`, `Host: ${own}`));
    await bench.proxy.event("connection-error", ({ name }) => name === "own-address", from);
    expect(await plain.readToClose()).toMatch(/^HTTP\/1\.1 403 /);
    await bench.serves();
    await bench.empties();
  },
);

test("a name that leads to our own port does not loop", async () => {
  const resolve = new Map<string, { address: string; port: number }>();
  await using bench = await WireBench.start({ intercept: { resolve } });
  resolve.set("loop.demo.test:7443", { address: "127.0.0.1", port: bench.proxy.port });
  const client = await bench.plain(connect("loop.demo.test:7443"));
  await bench.error("own-address");
  await client.readToClose();
  expect(bench.proxy.openConnections()).toBeLessThan(3);
  await bench.empties();
});

test("a plain server's odd answers pass, and are recorded", async () => {
  await using bench = await WireBench.start({
    server: { identity: null },
    routes: ["fin1.demo.test:7071"],
  });
  const client = await bench.plain(head("GET http://fin1.demo.test:7071/a HTTP/1.1", "Host: x"));
  const server = await bench.server.next();
  expect(await server.readHead()).toBe(head("GET /a HTTP/1.1", "Host: x"));
  const odd = head("HTTP/1.1 099 What", "Content-Length: 0");
  await server.write(odd);
  expect(await client.readHead()).toBe(odd);
  await server.fin();
  await bench.serves();
  await bench.empties();
});

test("fifty clients that say a few bytes and wait cost nobody else anything", async () => {
  await using bench = await WireBench.start();
  const slow = await Promise.all(Array.from({ length: 50 }, () => bench.plain("C")));
  for (const byte of "ONNECT f") for (const client of slow) await client.write(byte);
  await bench.serves();
  for (const client of slow) await client.fin();
  for (const client of slow) await client.closed();
  await bench.empties();
});
