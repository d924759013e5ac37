/** Many bytes: they must come through whole, and a reader that does not read must hold up the writer, not fill our memory. */
import { expect } from "vitest";
import { head, request } from "../support/http-text.ts";
import type { Peer } from "../support/peer.ts";
import { printTable, row } from "./rows.ts";

printTable();

const megabyte = 1024 * 1024;
const block = Buffer.alloc(64 * 1024, "back-pressure ");

/** Writes as the kernel allows; the returned count grows until the other end stops reading. */
function pour(
  peer: Peer,
  total: number,
): { readonly sent: () => number; readonly done: Promise<void> } {
  let sent = 0;
  const run = async (): Promise<void> => {
    while (sent < total) {
      await peer.write(block);
      sent += block.length;
    }
  };
  return { sent: () => sent, done: run() };
}

/** Resolves with the count once it has stood still for half a second. */
async function stalled(count: () => number): Promise<number> {
  for (let last = -1; ; ) {
    const now = count();
    if (now === last) return now;
    last = now;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

row("200 MB to a client that does not read for a while", async (wire) => {
  const total = 200 * megabyte;
  const { client, server } = await wire.open();
  await client.write(request("GET /big"));
  await server.readHead();
  client.pause();
  const begin = head("HTTP/1.1 200 OK", `Content-Length: ${total}`);
  await server.write(begin);
  const before = process.memoryUsage().rss;
  const flow = pour(server, total);
  // Two socket pairs' kernel buffers lie between; without back-pressure all 200 MB would go.
  expect(await stalled(flow.sent)).toBeLessThan(40 * megabyte);
  expect(process.memoryUsage().rss - before).toBeLessThan(80 * megabyte);
  client.resume();
  await client.skipBytes(begin.length + total);
  await flow.done;
  await server.fin();
  await client.closed();
});

row("50 MB upload", async (wire) => {
  const total = 50 * megabyte;
  const { client, server } = await wire.open();
  const begin = request("POST /upload", `Content-Length: ${total}`);
  await client.write(begin);
  const flow = pour(client, total);
  await server.skipBytes(begin.length + total);
  await flow.done;
  await server.write(head("HTTP/1.1 201 Created", "Content-Length: 0"));
  await client.readHead();
  await client.fin();
  await server.closed();
});
