/** An answer that comes byte by byte, so that its TLS record is never whole: told from one that does not come at all. */
import { expect, test } from "vitest";
import { answer, request } from "../support/http-text.ts";
import { startBoshscope } from "../support/proxy-under-test.ts";
import { Relay } from "../support/relay.ts";
import { connectThrough, secure } from "../support/scripted-client.ts";
import { ScriptedServer } from "../support/scripted-server.ts";
import { demoHost, demoPort } from "../support/tls-fixtures.ts";

const authority = `${demoHost}:${demoPort}`;

test.each([
  { how: "trickles", bytes: 1000, noted: true },
  { how: "does not come", bytes: 0, noted: false },
])("a client that gives up on an answer that $how", async ({ bytes, noted }) => {
  await using server = await ScriptedServer.start();
  await using relay = await Relay.start(server.port);
  await using proxy = await startBoshscope({ [authority]: relay.port });
  const opened = connectThrough(proxy.port, authority).then((raw) => secure(raw, { ca: proxy.ca }));
  const [client, peer] = await Promise.all([opened, server.next()]);
  // One whole exchange first: what TLS says of itself has come by then.
  await client.write(request("GET /one"));
  await peer.readHead();
  await peer.write(answer("one"));
  await client.readHead();
  await proxy.event("response-end");
  relay.drip(20);
  await client.write(request("GET /two"));
  await peer.readHead();
  if (bytes > 0) await peer.write(answer("x".repeat(bytes)));
  await expect.poll(() => relay.passed).toBeGreaterThanOrEqual(bytes > 0 ? 5 : 0);
  await client.fin();
  const failed = await proxy.event("exchange-failed");
  expect(failed).toMatchObject({ blame: "client", phase: "headers" });
  const notes = proxy.events.filter(({ kind }) => kind === "exchange-noted");
  expect(notes).toMatchObject(
    noted ? [{ exchange: failed.exchange, note: "answer-trickles" }] : [],
  );
});
