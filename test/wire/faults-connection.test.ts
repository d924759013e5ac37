/** What rules do before any request, and to WebSockets, on real sockets and TLS. */
import { expect, test } from "vitest";
import { polled } from "../support/changes.ts";
import { type FaultBench, startFaultBench } from "../support/fault-bench.ts";
import { head, request } from "../support/http-text.ts";
import type { Connected } from "../support/same-trace.ts";
import { demoHost, demoPort } from "../support/tls-fixtures.ts";
import { clientFrame, readFrame, serverFrame } from "../support/web-socket-frame.ts";

const authority = `${demoHost}:${demoPort}`;
const connect = `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`;

test("a refused CONNECT is reset, dials nothing, and leaves a row that names the rule", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  faults.arm([{ kind: "refuse-connect", how: "reset" }], { kind: "connect", port: 7443 });
  const client = await bench.plain(connect);
  expect(await client.closed()).toBe("reset");
  expect(bench.server.accepted).toBe(0);
  const applied = await bench.proxy.event("fault-applied");
  const failed = await bench.proxy.event("exchange-failed");
  expect(failed).toMatchObject({ cause: "fault-rule", blame: "fault-rule", phase: "connect" });
  expect(applied.exchange).toBe(failed.exchange);
  faults.rules.disarmAll();
  await bench.serves();
  await bench.empties();
});

test("a CONNECT left in silence gets no byte and no end", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  faults.arm([{ kind: "refuse-connect", how: "silence" }], { kind: "connect" }, { times: 1 });
  const client = await bench.plain(connect);
  await bench.proxy.event("fault-applied");
  await bench.serves();
  expect(client.isOpen).toBe(true);
  expect(client.received).toBe(0);
  await client.fin();
  await bench.proxy.event("exchange-failed", ({ cause }) => cause === "fault-rule");
  await bench.empties();
});

test("a delayed CONNECT is answered later", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  faults.arm([{ kind: "delay", leg: "request", ms: 150, jitterMs: 0 }], { kind: "connect" });
  const began = performance.now();
  const client = await bench.plain(connect);
  expect(await client.readHead()).toMatch(/^HTTP\/1\.1 200 /);
  expect(performance.now() - began).toBeGreaterThanOrEqual(148);
  await bench.empties();
});

test("TLS broken towards the client is a handshake alert there", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  faults.arm([{ kind: "break-tls", leg: "request" }], { kind: "tls" });
  expect(await bench.attempt()).toMatch(/ALERT_HANDSHAKE_FAILURE|ECONNRESET/);
  const failed = await bench.proxy.event("exchange-failed");
  expect(failed).toMatchObject({ cause: "fault-rule", blame: "fault-rule", phase: "tls" });
  faults.rules.disarmAll();
  await bench.serves();
  await bench.empties();
});

test("TLS broken towards the server ends the client's connection with a reset", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  faults.arm([{ kind: "break-tls", leg: "response" }], { kind: "tls" });
  expect(await bench.attempt()).toBe("ECONNRESET");
  const failed = await bench.proxy.event("exchange-failed");
  expect(failed).toMatchObject({ cause: "fault-rule", blame: "fault-rule", phase: "tls" });
  faults.rules.disarmAll();
  await bench.serves();
  await bench.empties();
});

async function socket({ bench }: FaultBench): Promise<Connected> {
  const connected = await bench.open();
  await connected.client.write(
    request("GET /ws/", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"),
  );
  await connected.server.readHead();
  await connected.server.write(
    head("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"),
  );
  await connected.client.readHead();
  return connected;
}

async function leaves(faults: FaultBench, { client, server }: Connected): Promise<void> {
  await client.fin();
  expect(await server.closed()).toBe("fin");
  await faults.bench.serves();
  await faults.bench.empties();
}

test("a rule armed on an open WebSocket delays a frame; the order stays", async () => {
  await using faults = await startFaultBench();
  const connected = await socket(faults);
  const { client, server } = connected;
  await server.write(serverFrame(1, "<before/>"));
  expect(await readFrame(client)).toMatchObject({ text: "<before/>" });
  faults.arm([{ kind: "delay", leg: "response", ms: 150, jitterMs: 0 }], {
    kind: "frame",
    event: "slow",
  });
  const began = performance.now();
  await server.write(Buffer.concat([serverFrame(1, "<slow/>"), serverFrame(1, "<quick/>")]));
  expect(await readFrame(client)).toMatchObject({ text: "<slow/>" });
  expect(performance.now() - began).toBeGreaterThanOrEqual(148);
  expect(await readFrame(client)).toMatchObject({ text: "<quick/>" });
  await leaves(faults, connected);
});

test("a dropped frame is lost alone; the ping of a client goes on masked when it is altered", async () => {
  await using faults = await startFaultBench();
  const connected = await socket(faults);
  const { client, server } = connected;
  faults.arm([{ kind: "drop", leg: "response", how: "silence" }], { event: "lost" });
  await server.write(Buffer.concat([serverFrame(1, "<lost/>"), serverFrame(1, "<kept/>")]));
  expect(await readFrame(client)).toMatchObject({ text: "<kept/>", masked: false });
  const nothing = { setHeaders: [], removeHeaders: [], setPaths: [] };
  const replace = [{ text: "p1", by: "p2" }];
  faults.arm([{ kind: "alter", leg: "request", replace, ...nothing }], { kind: "ping" });
  const ping = (id: string): string =>
    `<iq xmlns='jabber:client' id='${id}' type='get'><ping xmlns='urn:xmpp:ping'/></iq>`;
  await client.write(clientFrame(1, ping("p1")));
  expect(await readFrame(server)).toEqual({ opcode: 1, masked: true, text: ping("p2") });
  // A control frame is nobody's text, and passes as it came.
  await client.write(clientFrame(9, "beat"));
  expect(await readFrame(server)).toEqual({ opcode: 9, masked: true, text: "beat" });
  await leaves(faults, connected);
});

test("a duplicated frame comes twice, two frames change places", async () => {
  await using faults = await startFaultBench();
  const connected = await socket(faults);
  const { client, server } = connected;
  faults.arm([{ kind: "duplicate", leg: "response" }], { event: "twin" });
  await server.write(serverFrame(1, "<twin/>"));
  expect((await readFrame(client)).text + (await readFrame(client)).text).toBe("<twin/><twin/>");
  faults.rules.disarmAll();
  faults.arm([{ kind: "reorder" }], { event: "first" });
  await server.write(serverFrame(1, "<first/>"));
  await server.write(serverFrame(1, "<second/>"));
  expect((await readFrame(client)).text + (await readFrame(client)).text).toBe("<second/><first/>");
  await leaves(faults, connected);
});

test("an open WebSocket ends at the click of a rule that is also for what waits", async () => {
  await using faults = await startFaultBench();
  const { client, server } = await socket(faults);
  const began = performance.now();
  faults.arm(
    [{ kind: "drop", leg: "request", how: "reset" }],
    { kind: "websocket" },
    { alsoWaiting: true },
  );
  expect(await client.closed()).toBe("reset");
  expect(performance.now() - began).toBeLessThan(100);
  expect(await server.closed()).toBe("reset");
  await faults.bench.empties();
});

test("a message at a breakpoint is listed, edited and released with the right length; a dropped one resets", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const { client, server } = await bench.open();
  faults.arm([{ kind: "hold", leg: "request" }], { method: "PUT" });
  const put = (body: string): string =>
    `${request("PUT /x", "Content-Type: text/xml", `Content-Length: ${body.length}`)}${body}`;
  await client.write(put("<a/>"));
  const gate = bench.proxy.faults;
  const held = await polled(() => gate?.breakpoints.list()[0], "a held message");
  expect(held).toMatchObject({ rule: "r1", leg: "request", path: "/x" });
  expect(Buffer.from(held.body ?? []).toString()).toBe("<a/>");
  expect(server.received).toBe(0);
  gate?.breakpoints.settle(held.id, { action: "release", body: "<longer/>" });
  expect((await server.readBytes(put("<longer/>").length)).toString()).toBe(put("<longer/>"));
  expect(gate?.breakpoints.list()).toEqual([]);
  await server.write(head("HTTP/1.1 204 No Content"));
  await client.readHead();
  await client.write(put("<b/>"));
  const next = await polled(() => gate?.breakpoints.list()[0], "the next held message");
  gate?.breakpoints.settle(next.id, { action: "drop" });
  expect(await client.closed()).toBe("reset");
  await bench.empties();
});
