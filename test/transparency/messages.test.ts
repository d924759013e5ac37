/** What messages look like: every byte of them must arrive as it was written, whatever Node's own parser would make of it. */
import { createHash } from "node:crypto";
import { answer, chunk, head, request } from "../support/http-text.ts";
import type { Script, Wire } from "../support/same-trace.ts";
import { printTable, row } from "./rows.ts";

printTable();

/** One request, one answer, both written at once; then the client leaves in good order. */
async function exchange(wire: Wire, asked: string, answered: string): Promise<void> {
  const { client, server } = await wire.open();
  await client.write(asked);
  await server.readBytes(Buffer.byteLength(asked, "latin1"));
  await server.write(answered);
  await client.readBytes(Buffer.byteLength(answered, "latin1"));
  await client.fin();
  await server.closed();
  await server.fin();
  await client.closed();
}

const simple =
  (asked: string, answered: string): Script =>
  (wire) =>
    exchange(wire, asked, answered);

const get = request("GET /");

row(
  "fixed bodies both ways",
  simple(`${request("POST /a", "Content-Length: 5")}hello`, answer("there")),
);
row(
  "chunked bodies both ways, with extensions",
  simple(
    `${request("POST /a", "Transfer-Encoding: chunked")}${chunk("hello", ";a=b")}${chunk("x")}0\r\n\r\n`,
    `${head("HTTP/1.1 200 OK", "transfer-encoding: Chunked")}00${chunk("some")}${chunk("more")}000\r\n\r\n`,
  ),
);
row(
  "trailers both ways",
  simple(
    `${request("POST /a", "Trailer: X-Sum", "Transfer-Encoding: chunked")}${chunk("a")}0\r\nX-Sum: 1\r\n\r\n`,
    `${head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")}${chunk("b")}0\r\nX-sUm: 2\r\nX-sUm: 3\r\n\r\n`,
  ),
);
row(
  "HEAD with a length",
  simple(request("HEAD /a"), head("HTTP/1.1 200 OK", "Content-Length: 9999")),
);
row("204", simple(get, head("HTTP/1.1 204 No Content")));
row(
  "304 with a length",
  simple(get, head("HTTP/1.1 304 Not Modified", "Content-Length: 12", 'ETag: "a"')),
);
row("103, then 200", simple(get, head("HTTP/1.1 103 Early Hints", "Link: </a>") + answer("b")));
row(
  "102 twice, then 404",
  simple(
    get,
    head("HTTP/1.1 102 Processing").repeat(2) + head("HTTP/1.1 404 Nope", "content-length: 0"),
  ),
);

row("Expect: 100-continue", async (wire) => {
  const { client, server } = await wire.open();
  await client.write(request("PUT /a", "Expect: 100-continue", "Content-Length: 4"));
  await server.readHead();
  await server.write(head("HTTP/1.1 100 Continue"));
  await client.readHead();
  await client.write("body");
  await server.readBytes(4);
  await server.write(answer("taken"));
  await client.readBytes(answer("taken").length);
  await client.fin();
  await server.closed();
});

row("Expect: 100-continue, refused", async (wire) => {
  const { client, server } = await wire.open();
  await client.write(request("PUT /a", "Expect: 100-continue", "Content-Length: 4"));
  await server.readHead();
  await server.write(head("HTTP/1.1 417 Expectation Failed", "Content-Length: 0"));
  await client.readHead();
  await client.fin();
  await server.closed();
});

for (const line of [
  "000 Zero",
  "099",
  "199 Odd",
  "299 Fine By Me",
  "600 Beyond",
  "999 \u00fcml\u00e4ut  spaces ",
]) {
  row(`status ${line}`, simple(get, head(`HTTP/1.1 ${line}`, "Content-Length: 0")));
}
row("status line without reason or space", simple(get, head("HTTP/1.1 200", "Content-Length: 0")));
row(
  "lower-case version, tab after the status",
  simple(get, head("http/1.1 200\tOK", "Content-Length: 0")),
);

row(
  "duplicate, odd-case, empty and odd-space headers",
  simple(
    request(
      "GET /",
      "X-CaSe: 1",
      "x-case: 2",
      "X-CaSe:3",
      "COOKIE: a=1",
      "Cookie: b=2",
      "Empty:",
      "Tab:\tx\t ",
      "accept-ENCODING: gzip",
    ),
    head(
      "HTTP/1.1 200 Fine By Me",
      "SET-cookie: a",
      "Set-Cookie: b",
      "X-B:  y ",
      "date: never",
      "Content-LENGTH: 0",
      "Connection: Keep-Alive",
    ),
  ),
);
row(
  "folded header lines",
  simple(
    request("GET /", "X-Folded: a", " b", "\tc"),
    head("HTTP/1.1 200 OK", "X-Folded: a", "  b", "Content-Length: 0"),
  ),
);
row(
  "bare LF line ends",
  simple("GET / HTTP/1.1\nHost: x\n\n", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok"),
);
row(
  "bytes above 0x7f and controls in headers",
  simple(
    request("GET /\u00fc?\u00ff", "X-Bin: \u0001\u0080\u00ff"),
    head("HTTP/1.1 200 \u00ff", "X-Bin: \u0001\u0080", "Content-Length: 0"),
  ),
);
row(
  "headers of 64 KiB both ways",
  simple(
    request("GET /", `X-Long: ${"a".repeat(65_536)}`),
    head("HTTP/1.1 200 OK", `X-Long: ${"b".repeat(65_536)}`, "Content-Length: 0"),
  ),
);
row(
  "2,000 header lines",
  simple(
    request("GET /", ...Array.from({ length: 2000 }, (_, index) => `X-${index}: ${index}`)),
    answer("ok"),
  ),
);
row(
  "content-length and chunked at once",
  simple(
    `${request("POST /", "Content-Length: 3", "Transfer-Encoding: chunked")}${chunk("abc")}0\r\n\r\n`,
    answer("ok"),
  ),
);
row(
  "two different content-lengths",
  simple(`${request("POST /", "Content-Length: 3", "Content-Length: 4")}abcd`, answer("ok")),
);
row(
  "a broken chunk size",
  simple(get, `${head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")}zz\r\nwhat\r\n`),
);
row(
  "an unknown method and an absolute target",
  simple(request("BREW https://other.test:1/pot?a#b"), answer("tea")),
);
row(
  "an HTTP/1.0 exchange",
  simple("GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"),
);
row("empty lines between requests", simple(`\r\n\r\n${get}`, answer("ok")));

row("five pipelined requests, answers in pieces", async (wire) => {
  const { client, server } = await wire.open();
  const asked = [1, 2, 3, 4, 5].map((index) => request(`GET /${index}`)).join("");
  const answered = [1, 2, 3, 4, 5].map((index) => answer(`number ${index}`)).join("");
  await client.write(asked);
  await server.readBytes(asked.length);
  for (let at = 0; at < answered.length; at += 17) await server.write(answered.slice(at, at + 17));
  await client.readBytes(answered.length);
  await client.fin();
  await server.closed();
});

row("a request in single bytes", async (wire) => {
  const { client, server } = await wire.open();
  for (const byte of get) await client.write(byte);
  await server.readHead();
  await server.write(answer("ok"));
  await client.readBytes(answer("ok").length);
});

row("an answer before its request is whole", async (wire) => {
  const { client, server } = await wire.open();
  await client.write(`${request("POST /", "Content-Length: 10")}12345`);
  await server.readHead();
  await server.write(answer("early"));
  await client.readBytes(answer("early").length);
  await client.write(`67890${get}`);
  await server.readBytes(10 + get.length);
  await server.write(answer("second"));
  await client.readBytes(answer("second").length);
});

row("an answer nobody asked for", async (wire) => {
  const { client, server } = await wire.open();
  await server.write(answer("hello?"));
  await client.readBytes(answer("hello?").length);
  await client.write(get);
  await server.readHead();
});

row("bytes that are no HTTP at all", async (wire) => {
  const { client, server } = await wire.open();
  const noise = createHash("sha512").update("noise").digest();
  await client.write(noise);
  await server.readBytes(noise.length);
  await server.write(Buffer.from(noise.toReversed()));
  await client.readBytes(noise.length);
  await client.write("\u0016\u0003\u0001 not TLS in TLS");
  await server.readBytes(18);
  await client.fin();
  await server.closed();
  await server.fin();
  await client.closed();
});

row("server speaks first, no HTTP", async (wire) => {
  const { client, server } = await wire.open();
  await server.write("220 mail.demo.test ESMTP\r\n");
  await client.readBytes(26);
  await client.write("EHLO x\r\n");
  await server.readBytes(8);
});
