/** WebSocket: the handshake is the server's own, the frames pass as they are, and both kinds of leaving stay apart. */
import { head, request } from "../support/http-text.ts";
import type { Connected, Wire } from "../support/same-trace.ts";
import { printTable, row } from "./rows.ts";

printTable();

const upgrade = request(
  "GET /ws/",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Protocol: xmpp",
);
const switching = head(
  "HTTP/1.1 101 Switching Protocols",
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
  "Sec-WebSocket-Protocol: xmpp",
);

/** An unmasked frame, as servers send them; with `mask` as browsers do. */
function frame(opcode: number, text: string, mask: number | null = null): Buffer {
  const payload = Buffer.from(text);
  const size =
    payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 255];
  const first = 0x80 | opcode;
  if (mask === null) return Buffer.concat([Buffer.from([first, ...size]), payload]);
  const [length = 0, ...rest] = size;
  const masked = payload.map((byte) => byte ^ mask);
  return Buffer.concat([
    Buffer.from([first, length | 0x80, ...rest, mask, mask, mask, mask]),
    masked,
  ]);
}

async function opened(wire: Wire): Promise<Connected> {
  const connected = await wire.open();
  await connected.client.write(upgrade);
  await connected.server.readHead();
  // The first frame rides with the handshake, as servers may send it.
  const hello = frame(1, "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
  await connected.server.write(Buffer.concat([Buffer.from(switching), hello]));
  await connected.client.readHead();
  await connected.client.readBytes(hello.length);
  return connected;
}

row("WebSocket with subprotocol, frames, orderly close", async (wire) => {
  const { client, server } = await opened(wire);
  const up = Buffer.concat([frame(1, "x".repeat(3000), 0x5a), frame(9, "ping", 0x11)]);
  await client.write(up);
  await server.readBytes(up.length);
  const down = Buffer.concat([frame(10, "ping"), frame(2, "\u0000binary")]);
  await server.write(down);
  await client.readBytes(down.length);
  await client.write(frame(8, "\u0003\u00e8", 0x22));
  await server.readBytes(frame(8, "\u0003\u00e8", 0x22).length);
  await server.write(frame(8, "\u0003\u00e8"));
  await server.fin();
  await wire.promptly(client.closed(), client);
  await client.fin();
  await server.closed();
});

row("WebSocket ended by the server's RST", async (wire) => {
  const { client, server } = await opened(wire);
  server.reset();
  await wire.promptly(client.closed(), client);
});

row("WebSocket ended by the client's RST", async (wire) => {
  const { client, server } = await opened(wire);
  const seen = server.closed();
  client.reset();
  await wire.promptly(seen, server);
});

row("WebSocket ended by FIN without a close frame", async (wire) => {
  const { client, server } = await opened(wire);
  await client.fin();
  await wire.promptly(server.closed(), server);
  await server.fin();
  await client.closed();
});

row("WebSocket with frames that break the rules", async (wire) => {
  const { client, server } = await opened(wire);
  const broken = Buffer.from([
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4,
  ]);
  await client.write(broken);
  await server.readBytes(broken.length);
  await server.write(broken);
  await client.readBytes(broken.length);
  await client.fin();
  await server.closed();
});

row("WebSocket refused with 403", async (wire) => {
  const { client, server } = await wire.open();
  await client.write(upgrade);
  await server.readHead();
  const refusal = `${head("HTTP/1.1 403 Forbidden", "Content-Length: 2")}no`;
  await server.write(refusal);
  await client.readBytes(refusal.length);
  await client.write(request("GET /after"));
  await server.readHead();
  await server.fin();
  await client.closed();
});

row("upgrade to something else", async (wire) => {
  const { client, server } = await wire.open();
  await client.write(request("GET /", "Upgrade: foo/2", "Connection: upgrade"));
  await server.readHead();
  await server.write(
    `${head("HTTP/1.1 101 Go", "Upgrade: foo/2", "Connection: upgrade")}foo says hi`,
  );
  await client.readHead();
  await client.readBytes(11);
  await client.write("raw foo");
  await server.readBytes(7);
  server.reset();
  await client.closed();
});
