/** The comparison itself on trial: a faithful relay must pass, and each planted fault must be caught. */
import { expect, test } from "vitest";
import { answer, poll, request } from "../support/http-text.ts";
import { type Mutation, startMutantProxy } from "../support/mutant-proxy.ts";
import { type Script, traceDifferences } from "../support/same-trace.ts";

const scripts: Readonly<Record<string, Script>> = {
  "odd-case header": async (wire) => {
    const { client, server } = await wire.open();
    await client.write(request("GET /", "X-CaSe: 1"));
    await server.readHead();
    await server.write(answer("ok"));
    await client.readBytes(answer("ok").length);
    await client.fin();
    await server.closed();
  },
  "server reset during a poll": async (wire) => {
    const { client, server } = await wire.open();
    await client.write(poll);
    await server.readBytes(poll.length);
    server.reset();
    await client.closed();
  },
  "client abort of a poll": async (wire) => {
    const { client, server } = await wire.open();
    await client.write(poll);
    await server.readBytes(poll.length);
    const seen = server.closed();
    client.reset();
    await wire.promptly(seen, server);
  },
};

async function caught(mutation: Mutation): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const [name, script] of Object.entries(scripts)) {
    found[name] = await traceDifferences(script, (port) => startMutantProxy(mutation, port));
  }
  return found;
}

test("a faithful relay is not noticed", async () => {
  expect(await caught("none")).toEqual(
    Object.fromEntries(Object.keys(scripts).map((name) => [name, []])),
  );
});

test("a lower-cased header is noticed", async () => {
  const found = await caught("lower-cased-header");
  expect(found["odd-case header"]).toContainEqual(
    expect.stringMatching(/^connection 1, server\[0\]: .*X-CaSe.*proxied.*x-case/),
  );
});

test("a FIN in place of an RST is noticed", async () => {
  const found = await caught("fin-for-reset");
  expect(found["server reset during a poll"]).toEqual([
    "connection 1, client[0]: direct saw close by reset; proxied saw close by fin",
  ]);
});

test("an abort that is passed on late is noticed", async () => {
  const found = await caught("late-abort");
  expect(found["client abort of a poll"]).toEqual([
    expect.stringContaining("proxied saw mark late"),
  ]);
});
