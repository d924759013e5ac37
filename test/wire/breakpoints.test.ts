/** Breakpoints as people use them: secrets replaced in what they read, and back in what goes on. And requests of our own. */
import { expect, test } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { silentLog } from "../../src/base/log.ts";
import { openBreakpoints } from "../../src/open-breakpoints.ts";
import { polled } from "../support/changes.ts";
import { startFaultBench } from "../support/fault-bench.ts";
import { answer, request } from "../support/http-text.ts";
import { MemoryRecorder } from "../support/memory-recorder.ts";
import { demoHost, demoPort } from "../support/tls-fixtures.ts";

test("a person reads no secret, edits, and the server gets the real one", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const recorder = new MemoryRecorder();
  const gate = bench.proxy.faults;
  const desk = openBreakpoints({ gate, recorder, clock: systemClock, log: silentLog });
  const { client, server } = await bench.open();
  faults.arm([{ kind: "hold", leg: "request" }], { method: "PUT" });
  const body = "<User><pw>secret-1</pw><state>READY</state></User>";
  const put = (text: string): string =>
    `${request("PUT /x", "Content-Type: text/xml", "X-Key: secret-2", `Content-Length: ${text.length}`)}${text}`;
  await client.write(put(body));
  const held = await polled(() => desk.held()[0], "the held message");
  expect(held.head + held.body).not.toContain("secret-");
  expect(held.exchange).toMatch(/^cap1-\d+$/);
  await expect(desk.settle(held.id, "release", { body: "‹unknown›" })).rejects.toMatchObject({
    code: "request-invalid",
  });
  await desk.settle(held.id, "release", { body: held.body.replace("READY", "NOT_READY") });
  const expected = put(body.replace("READY", "NOT_READY"));
  expect((await server.readBytes(expected.length)).toString()).toBe(expected);
  expect(desk.held()).toEqual([]);
  await expect(desk.settle(held.id, "drop", {})).rejects.toMatchObject({ code: "not-found" });
  await server.write(answer(""));
  await client.readHead();
  await client.write(put(body));
  await polled(() => desk.held()[0], "the next held message");
  desk.letGo();
  expect((await server.readBytes(put(body).length)).toString()).toBe(put(body));
  await bench.empties();
});

test("a request of our own reaches the server and leaves a row that says so", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const bytes = Buffer.from(request("GET /again"));
  const sent = bench.proxy.send({
    host: demoHost,
    port: demoPort,
    secure: true,
    bytes,
    withinMs: 5000,
  });
  const server = await bench.server.next();
  expect((await server.readBytes(bytes.length)).toString()).toBe(bytes.toString());
  await server.write(answer("yes"));
  const { exchange } = await sent;
  const noted = await bench.proxy.event("exchange-noted");
  expect(noted).toMatchObject({ exchange, note: "replayed" });
  expect((await bench.proxy.event("response-end")).bodyLength).toBe(3);
  await server.closed();
  await bench.serves();
  await bench.empties();
});

test("a server that resets, or says nothing, ends it", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const ask = {
    host: demoHost,
    port: demoPort,
    secure: true,
    bytes: Buffer.from(request("GET /")),
  };
  const first = bench.proxy.send({ ...ask, withinMs: 5000 });
  const server = await bench.server.next();
  await server.readHead();
  server.reset();
  const { exchange } = await first;
  const failed = await bench.proxy.event("exchange-failed", (event) => event.exchange === exchange);
  expect(failed).toMatchObject({ cause: "reset", blame: "server" });
  const { exchange: second } = await bench.proxy.send({ ...ask, withinMs: 200 });
  const late = await bench.proxy.event("exchange-failed", (event) => event.exchange === second);
  expect(late).toMatchObject({ cause: "timeout", blame: "boshscope" });
  await bench.empties();
});
