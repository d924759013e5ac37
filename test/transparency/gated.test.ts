/** With a rule in force that never hits, every message is read before it goes on: the trace must be the same all the same. */
import { systemClock } from "../../src/base/clock.ts";
import { ArmedRules } from "../../src/faults/armed-rules.ts";
import { answer, chunk, head, request } from "../support/http-text.ts";
import { startBoshscope } from "../support/proxy-under-test.ts";
import type { Script } from "../support/same-trace.ts";
import { demoHost, demoPort } from "../support/tls-fixtures.ts";
import { clientFrame, serverFrame } from "../support/web-socket-frame.ts";
import { printTable, rowThrough } from "./rows.ts";

printTable();

const gated = (serverPort: number) => {
  const rules = new ArmedRules({ now: () => systemClock.mono(), dice: () => 0 });
  rules.arm({
    id: "r1",
    name: "never",
    match: { agent: "nobody", event: "never" },
    actions: [
      { kind: "delay", leg: "request", ms: 60_000, jitterMs: 0 },
      { kind: "drop", leg: "response", how: "reset" },
    ],
    times: null,
    expiresAfterMs: null,
    alsoWaiting: true,
  });
  return startBoshscope({ [`${demoHost}:${demoPort}`]: serverPort }, { rules });
};
const row = rowThrough(gated);

function exchanges(...pairs: readonly (readonly [string, string])[]): Script {
  return async (wire) => {
    const { client, server } = await wire.open();
    for (const [asked, answered] of pairs) {
      await client.write(asked);
      await server.readBytes(Buffer.byteLength(asked, "latin1"));
      await server.write(answered);
      await client.readBytes(Buffer.byteLength(answered, "latin1"));
    }
    await client.fin();
    await server.closed();
    await server.fin();
    await client.closed();
  };
}

const get = request("GET /");
const chunked = `${head("HTTP/1.1 200 OK", "transfer-encoding: Chunked")}00${chunk("some")}${chunk("more")}000\r\n\r\n`;

row(
  "bodies of all framings, one after another",
  exchanges(
    [`${request("POST /a", "Content-Length: 5")}hello`, answer("there")],
    [
      `${request("POST /b", "Transfer-Encoding: chunked")}${chunk("x", ";a=b")}0\r\nX: 1\r\n\r\n`,
      chunked,
    ],
    [request("HEAD /c"), head("HTTP/1.1 200 OK", "Content-Length: 9999")],
    [get, head("HTTP/1.1 103 Early Hints", "Link: </a>") + answer("b")],
    [`\r\n\r\n${get}`, head("HTTP/1.1 204 No Content")],
    [get + get, answer("1") + answer("2")],
  ),
);
row("what is no HTTP", exchanges(["\u0000\u0001garbage\r\n\r\n", "more\u0000\r\n\r\n"]));
row("100-continue", async (wire) => {
  const { client, server } = await wire.open();
  const asked = request("POST /a", "Expect: 100-continue", "Content-Length: 5");
  await client.write(asked);
  await server.readBytes(asked.length);
  await server.write(head("HTTP/1.1 100 Continue"));
  await client.readHead();
  await client.write("hello");
  await server.readBytes(5);
  await server.write(answer("b"));
  await client.readBytes(answer("b").length);
  client.reset();
  await wire.promptly(server.closed(), server);
});
row("an answer that ends with its connection", async (wire) => {
  const { client, server } = await wire.open();
  await client.write(get);
  await server.readHead();
  await server.write(`${head("HTTP/1.1 200 OK")}until the end`);
  await server.fin();
  await wire.promptly(client.closed(), client);
  await client.fin();
  await server.closed();
});
row("the server resets in the middle of an answer", async (wire) => {
  const { client, server } = await wire.open();
  await client.write(get);
  await server.readHead();
  await server.write(`${head("HTTP/1.1 200 OK", "Content-Length: 100")}half`);
  await client.readHead();
  await client.readBytes(4);
  server.reset();
  await wire.promptly(client.closed(), client);
});
for (const how of ["fin", "reset"] as const) {
  row(`a held poll that its client gives up with ${how}`, async (wire) => {
    const { client, server } = await wire.open();
    await client.write(get);
    await server.readHead();
    const seen = server.closed();
    if (how === "fin") await client.fin();
    else client.reset();
    await wire.promptly(seen, server);
    if (how === "fin") {
      await server.fin();
      await client.closed();
    }
  });
}
row("20 MB to a client that does not read for a while", async (wire) => {
  const { client, server } = await wire.open();
  await client.write(get);
  await server.readHead();
  client.pause();
  const size = 20 * 1024 * 1024;
  const sent = server.write(
    Buffer.concat([
      Buffer.from(head("HTTP/1.1 200 OK", `Content-Length: ${size}`)),
      Buffer.alloc(size, 97),
    ]),
  );
  client.resume();
  await client.readHead();
  await client.skipBytes(size);
  await sent;
  await client.fin();
  await server.closed();
});
row("WebSocket frames in any pieces", async (wire) => {
  const { client, server } = await wire.open();
  await client.write(request("GET /ws/", "Upgrade: websocket", "Connection: Upgrade"));
  await server.readHead();
  const hello = serverFrame(1, "<open/>");
  await server.write(
    Buffer.concat([
      Buffer.from(head("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket")),
      hello,
    ]),
  );
  await client.readHead();
  await client.readBytes(hello.length);
  const up = Buffer.concat([clientFrame(1, "x".repeat(3000)), clientFrame(9, "ping")]);
  for (let at = 0; at < up.length; at += 700) await client.write(up.subarray(at, at + 700));
  await server.readBytes(up.length);
  await client.write(clientFrame(8, "\u0003\u00e8"));
  await server.readBytes(clientFrame(8, "\u0003\u00e8").length);
  await server.fin();
  await client.closed();
  await client.fin();
  await server.closed();
});
