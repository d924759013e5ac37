/** What a client may do inside its tunnel: no TLS, half a TLS, an alert, HTTP that no parser likes, bodies without end. */
import { expect, test } from "vitest";
import type { CaptureEvent } from "../../src/domain/capture-event.ts";
import { clientHello, fatalAlert } from "../support/client-hello.ts";
import { answer, chunk, head, request } from "../support/http-text.ts";
import { untrusted } from "../support/tls-fixtures.ts";
import { WireBench } from "../support/wire-bench.ts";

const kinds = (events: readonly CaptureEvent[]): Set<string> =>
  new Set(events.map(({ kind }) => kind));

const record = (type: number, text: string): string =>
  `${String.fromCharCode(type)}\u0003\u0001${String.fromCharCode(text.length >> 8, text.length & 255)}${text}`;

test.each(
  Object.entries({
    "a handshake record of noise": record(0x16, "no ClientHello at all, whatever it may look like"),
    "a ServerHello": record(0x16, "\u0002\u0000\u0000\u0002\u0003\u0003"),
    "a hello that ends inside its session id": record(
      0x16,
      `\u0001\u0000\u0000\u0023\u0003\u0003${"r".repeat(32)}\u0020`,
    ),
    "an empty handshake record, then noise": `${record(0x16, "")}noise`,
  }),
)("%s in place of a ClientHello is refused by name", async (_, bytes) => {
  await using bench = await WireBench.start();
  const client = await bench.tunnel();
  await client.write(bytes);
  await bench.error("not-tls");
  expect(await client.closed()).toBe("reset");
  await bench.serves();
  await bench.empties();
});

test.each(
  Object.entries({
    "HTTP in the clear": request("GET /clear"),
    "an SSH greeting": "SSH-2.0-OpenSSH_9.2\r\n",
    "an SSLv2 hello": "\u0080\u002e\u0001\u0003\u0001\u0000\u0015\u0000\u0000\u0000\u0010",
    zeros: "\u0000".repeat(100),
  }),
)("%s goes on to the server as it is", async (_, bytes) => {
  await using bench = await WireBench.start({ server: { identity: null } });
  const client = await bench.tunnel();
  const server = await bench.server.next();
  await client.write(bytes);
  expect((await server.readBytes(bytes.length)).toString("latin1")).toBe(bytes);
  await server.write("whatever the server says");
  await client.readBytes(24);
  await server.fin();
  await client.closed();
  await bench.proxy.event("connection-mode", ({ mode }) => mode === "plain");
  await bench.serves();
  await bench.empties();
});

test("a ClientHello in single bytes is served", async () => {
  await using bench = await WireBench.start();
  const client = await bench.tunnel();
  const hello = await clientHello("fin1.demo.test");
  for (const byte of hello) await client.write(Buffer.from([byte]));
  const answered = await client.readBytes(5);
  expect(answered[0]).toBe(0x16);
  await bench.serves();
  await bench.empties();
});

test.each([42, 46, 48])("a client's TLS alert %i is a row that names the host", async (alert) => {
  await using bench = await WireBench.start();
  const client = await bench.tunnel();
  await client.write(await clientHello("fin1.demo.test", "TLSv1.2"));
  await client.readBytes(5);
  await client.write(fatalAlert(alert));
  expect(await bench.error("tls-client-alert")).toMatchObject({ alert });
  const opened = await bench.proxy.event("tunnel-opened");
  expect(opened).toMatchObject({ host: "fin1.demo.test", port: 7443 });
  const failed = await bench.proxy.event("exchange-failed");
  expect(failed).toMatchObject({ phase: "tls", cause: "tls-untrusted", blame: "client", alert });
  await client.closed();
  await bench.serves();
  await bench.empties();
});

test("a client that leaves after our certificate without a word is named too", async () => {
  await using bench = await WireBench.start();
  const client = await bench.tunnel();
  await client.write(await clientHello("fin1.demo.test", "TLSv1.2"));
  await client.readBytes(5);
  await client.fin();
  await bench.error("tls-client-closed");
  await bench.serves();
  await bench.empties();
});

test("a client that leaves before its ClientHello is whole is named", async () => {
  await using bench = await WireBench.start();
  const client = await bench.tunnel();
  await client.write((await clientHello("fin1.demo.test")).subarray(0, 50));
  await bench.server.next();
  client.reset();
  await bench.error("client-gone");
  await bench.serves();
  await bench.empties();
});

test("a client that trusts another authority gets our certificate and refuses it", async () => {
  await using bench = await WireBench.start();
  expect(await bench.attempt(undefined, { ca: untrusted.ca })).toMatch(/UNABLE_TO|SELF_SIGNED/);
  const failed = await bench.proxy.event("exchange-failed");
  expect(failed).toMatchObject({ phase: "tls", blame: "client" });
  await bench.serves();
  await bench.empties();
});

/** Requests no parser agrees on; each must reach the server to the byte. What the record says is the second column. */
const odd: readonly (readonly [name: string, bytes: string, kind: CaptureEvent["kind"]])[] = [
  [
    "content-length and chunked at once",
    `${request("POST /", "Content-Length: 3", "Transfer-Encoding: chunked")}${chunk("abc")}0\r\n\r\n`,
    "request-head",
  ],
  [
    "two content-lengths that differ",
    `${request("POST /", "Content-Length: 3", "Content-Length: 4")}abcd`,
    "unparsed",
  ],
  ["a content-length of -1", `${request("POST /", "Content-Length: -1")}a`, "unparsed"],
  [
    "a content-length beyond counting",
    `${request("POST /", `Content-Length: ${"9".repeat(30)}`)}a`,
    "unparsed",
  ],
  ["a bad chunk size", `${request("POST /", "Transfer-Encoding: chunked")}zz\r\nab`, "unparsed"],
  [
    "a chunk size beyond counting",
    `${request("POST /", "Transfer-Encoding: chunked")}${"f".repeat(40)}\r\nab`,
    "unparsed",
  ],
  ["a NUL in a header", request("GET /", "X: a\u0000b"), "unparsed"],
  ["a header without colon", request("GET /", "no colon here"), "request-head"],
  ["a header without name", request("GET /", ": x"), "request-head"],
  ["a Host port of 99999", head("GET / HTTP/1.1", "Host: h:99999"), "request-head"],
  [
    "a WebSocket upgrade with an empty Host",
    head("GET / HTTP/1.1", "Host:", "Upgrade: websocket", "Connection: Upgrade"),
    "request-head",
  ],
  ["HTTP/1.0 without Host", head("GET / HTTP/1.0"), "request-head"],
  ["one word", "FOO\r\n\r\n", "unparsed"],
  ["a TLS hello within TLS", record(0x16, "\u0001\u0000\u0000\u0002\u0003\u0003"), "unparsed"],
  ["headers of 60 KB", request("GET /", `X: ${"a".repeat(60_000)}`), "request-head"],
  ["headers of 1 MB", request("GET /", `X: ${"a".repeat(1_000_000)}`), "request-head"],
  ["headers of 2 MB", request("GET /", `X: ${"a".repeat(2_000_000)}`), "unparsed"],
];

test.each(odd)("%s reaches the server as written and is recorded", async (_, bytes, kind) => {
  await using bench = await WireBench.start();
  const { client, server } = await bench.open();
  await client.write(bytes);
  expect((await server.readBytes(bytes.length)).toString("latin1")).toBe(bytes);
  await bench.proxy.event(kind);
  await server.write(answer("ok"));
  await client.readHead();
  await client.fin();
  await server.closed();
  await server.fin();
  await bench.proxy.event("connection-ended");
  await bench.serves();
  await bench.empties();
});

test("a body of 50 MB passes whole and is kept up to the limit", async () => {
  const total = 50 * 1024 * 1024;
  await using bench = await WireBench.start();
  const { client, server } = await bench.open();
  const begin = request("POST /upload", `Content-Length: ${total}`);
  await client.write(begin);
  const upload = (async (): Promise<void> => {
    const block = Buffer.alloc(256 * 1024, "body ");
    for (let sent = 0; sent < total; sent += block.length) await client.write(block);
  })();
  await server.skipBytes(begin.length + total);
  await upload;
  const end = await bench.proxy.event("request-end");
  expect(end.bodyLength).toBe(total);
  const kept = bench.proxy.events
    .filter((event) => event.kind === "request-body")
    .reduce((sum, event) => sum + event.bytes.length, 0);
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThanOrEqual(1024 * 1024);
  await bench.serves();
  await bench.empties();
});

test("thirty first connections at once are shown one certificate", async () => {
  await using bench = await WireBench.start();
  const all = await Promise.all(Array.from({ length: 30 }, () => bench.open()));
  const shown = all.map(({ client }) =>
    "getPeerX509Certificate" in client.stream
      ? client.stream.getPeerX509Certificate()?.fingerprint256
      : undefined,
  );
  expect(new Set(shown).size).toBe(1);
  expect(shown[0]).toMatch(/^[0-9A-F:]{95}$/);
  await bench.serves();
  await bench.empties();
});

test("a two-hundred-fold bad request leaves nothing behind", async () => {
  await using bench = await WireBench.start();
  for (let round = 0; round < 20; round++) {
    const batch = await Promise.all(
      ["FOO\r\n\r\n", "\u0000\u0000", "GET / HTTP/1.1\r\nbad\r\n\r\n"].map(async (bytes) => {
        const { client } = await bench.open();
        await client.write(bytes);
        return client;
      }),
    );
    for (const client of batch) client.reset();
  }
  expect(kinds(bench.proxy.events)).toContain("unparsed");
  await bench.serves();
  await bench.empties();
});
