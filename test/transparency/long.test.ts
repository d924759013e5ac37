/** The waits that Finesse lives by. The two run side by side; nothing between browser and server may lose patience. */
import { answer, poll, request } from "../support/http-text.ts";
import { longRow, printTable } from "./rows.ts";

printTable();

const passes = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

longRow("a poll held for 90 s is answered", async (wire) => {
  const { client, server } = await wire.open();
  await client.write(poll);
  await server.readBytes(poll.length);
  await passes(90_000);
  await server.write(answer("<body xmlns='http://jabber.org/protocol/httpbind'/>"));
  await client.readHead();
  await client.fin();
  await server.closed();
});

longRow("a connection idle for 60 s is used again", async (wire) => {
  const { client, server } = await wire.open();
  for (const wait of [60_000, 0]) {
    await client.write(request("GET /finesse/api/SystemInfo"));
    await server.readHead();
    await server.write(answer("up"));
    await client.readBytes(answer("up").length);
    await passes(wait);
  }
  await client.fin();
  await server.closed();
});
