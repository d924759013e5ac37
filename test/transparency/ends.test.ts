/** How connections end: whoever leaves, and however, the other end must see it as it would without us, and at once. */
import { answer, chunk, head, poll, request } from "../support/http-text.ts";
import type { Connected, Wire } from "../support/same-trace.ts";
import { printTable, row } from "./rows.ts";

printTable();

async function heldPoll(wire: Wire): Promise<Connected> {
  const connected = await wire.open();
  await connected.client.write(poll);
  await connected.server.readBytes(poll.length);
  return connected;
}

row("client aborts a held poll by RST", async (wire) => {
  const { client, server } = await heldPoll(wire);
  const seen = server.closed();
  client.reset();
  await wire.promptly(seen, server);
});

row("client aborts a held poll by FIN", async (wire) => {
  const { client, server } = await heldPoll(wire);
  await client.fin();
  await wire.promptly(server.closed(), server);
  await server.fin();
  await wire.promptly(client.closed(), client);
});

row("client half-closes, then is answered", async (wire) => {
  const { client, server } = await wire.open();
  await client.write(request("GET /half"));
  await client.fin();
  await server.readHead();
  await server.closed();
  await server.write(answer("after your FIN"));
  await server.fin();
  await client.closed();
});

row("server resets before any header", async (wire) => {
  const { client, server } = await heldPoll(wire);
  server.reset();
  await wire.promptly(client.closed(), client);
});

row("server closes before any header", async (wire) => {
  const { client, server } = await heldPoll(wire);
  await server.fin();
  await wire.promptly(client.closed(), client);
  await client.fin();
  await server.closed();
});

const begun = `${head("HTTP/1.1 200 OK", "Content-Length: 100")}the first bytes`;
const begunChunked = `${head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked")}${chunk("the first")}`;

for (const [name, text] of [
  ["a fixed", begun],
  ["a chunked", begunChunked],
] as const) {
  row(`server resets within ${name} body`, async (wire) => {
    const { client, server } = await heldPoll(wire);
    await server.write(text);
    await client.readBytes(text.length);
    server.reset();
    await wire.promptly(client.closed(), client);
  });

  row(`server closes within ${name} body`, async (wire) => {
    const { client, server } = await heldPoll(wire);
    await server.write(text);
    await client.readBytes(text.length);
    await server.fin();
    await wire.promptly(client.closed(), client);
    await client.fin();
    await server.closed();
  });

  row(`client resets within ${name} answer`, async (wire) => {
    const { client, server } = await heldPoll(wire);
    await server.write(text);
    await client.readBytes(text.length);
    const seen = server.closed();
    client.reset();
    await wire.promptly(seen, server);
  });
}

row("client resets within its own body", async (wire) => {
  const { client, server } = await wire.open();
  const text = `${request("POST /upload", "Content-Length: 1000")}only this`;
  await client.write(text);
  await server.readBytes(text.length);
  const seen = server.closed();
  client.reset();
  await wire.promptly(seen, server);
});

row("server ends a body that has no length by FIN", async (wire) => {
  const { client, server } = await wire.open();
  await client.write(request("GET /old"));
  await server.readHead();
  await server.write(`${head("HTTP/1.0 200 OK")}until the end`);
  await server.fin();
  await client.closed();
  await client.fin();
  await server.closed();
});

row("server closes an idle connection after an answer", async (wire) => {
  const { client, server } = await wire.open();
  await client.write(request("GET /once"));
  await server.readHead();
  await server.write(answer("once", "Keep-Alive: timeout=1"));
  await client.readBytes(answer("once", "Keep-Alive: timeout=1").length);
  await server.fin();
  await wire.promptly(client.closed(), client);
  await client.fin();
  await server.closed();
});

row("server resets an idle connection", async (wire) => {
  const { client, server } = await wire.open();
  await client.write(request("GET /once"));
  await server.readHead();
  await server.write(answer("once"));
  await client.readBytes(answer("once").length);
  server.reset();
  await wire.promptly(client.closed(), client);
});

row("server answers a body that is still coming, and closes", async (wire) => {
  const { client, server } = await wire.open();
  await client.write(`${request("POST /too-big", "Content-Length: 1000000")}a beginning`);
  await server.readHead();
  await server.readBytes("a beginning".length);
  await server.write(head("HTTP/1.1 413 Payload Too Large", "Connection: close"));
  await server.fin();
  await client.closed();
  await client.fin();
  await server.closed();
});
