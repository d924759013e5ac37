/** What rules do to requests, on real sockets and TLS: what client and server see, byte for byte. */
import { expect, test } from "vitest";
import { bind, bound, startFaultBench } from "../support/fault-bench.ts";
import { answer, request } from "../support/http-text.ts";

test("a delayed request reaches the server later, as it was sent", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const { client, server } = await bench.open();
  faults.arm([{ kind: "delay", leg: "request", ms: 150, jitterMs: 0 }], { kind: "poll" });
  const began = performance.now();
  await client.write(bind("s1", 1));
  expect((await server.readBytes(bind("s1", 1).length)).toString()).toBe(bind("s1", 1));
  expect(performance.now() - began).toBeGreaterThanOrEqual(148);
  const sent = await bench.proxy.event("request-sent");
  const ended = await bench.proxy.event(
    "request-end",
    ({ exchange }) => exchange === sent.exchange,
  );
  expect(ended.sent).toBe(false);
  expect(sent.at - ended.at).toBeGreaterThanOrEqual(148);
  await server.write(bound());
  await client.readBytes(bound().length);
  await bench.serves();
  await bench.empties();
});

test("the server never sees a request that is answered in its place, and the connection goes on", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const { client, server } = await bench.open();
  faults.arm([{ kind: "answer", template: { kind: "invalid-sid" } }], { sid: "s1" });
  await client.write(bind("s1", 1));
  const refusal = await client.readHead();
  expect(refusal).toMatch(/^HTTP\/1\.1 404 /);
  await client.readBytes(Number(/Content-Length: (\d+)/i.exec(refusal)?.[1]));
  expect(server.received).toBe(0);
  const applied = await bench.proxy.event("fault-applied");
  await bench.proxy.event("response-delivered", ({ exchange }) => exchange === applied.exchange);
  await bench.proxy.event("response-head", ({ bytes }) => Buffer.from(bytes).includes("404"));
  await client.write(bind("s2", 1));
  expect((await server.readBytes(bind("s2", 1).length)).toString()).toBe(bind("s2", 1));
  await server.write(bound());
  expect((await client.readBytes(bound().length)).toString()).toBe(bound());
  await bench.serves();
  await bench.empties();
});

test("pipelined requests keep their order when one of them is answered in place", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const { client, server } = await bench.open();
  const out = { kind: "system-info", status: "OUT_OF_SERVICE" } as const;
  faults.arm([{ kind: "answer", template: out }], { kind: "systeminfo" });
  const info = request("GET /finesse/api/SystemInfo");
  const [a, b] = [request("GET /a"), request("GET /b")];
  await client.write(a + info + b);
  expect((await server.readBytes(a.length + b.length)).toString()).toBe(a + b);
  await server.write(answer("first") + answer("third"));
  expect((await client.readBytes(answer("first").length)).toString()).toBe(answer("first"));
  const head = await client.readHead();
  const length = Number(/Content-Length: (\d+)/i.exec(head)?.[1]);
  expect((await client.readBytes(length)).toString()).toContain("OUT_OF_SERVICE");
  expect((await client.readBytes(answer("third").length)).toString()).toBe(answer("third"));
  await bench.serves();
  await bench.empties();
});

for (const how of ["fin", "reset"] as const) {
  test(`a request dropped with ${how} never reaches the server, and both sides see the end`, async () => {
    await using faults = await startFaultBench();
    const { bench } = faults;
    const { client, server } = await bench.open();
    faults.arm([{ kind: "drop", leg: "request", how }], { kind: "poll" });
    await client.write(bind("s1", 1));
    expect(await client.closed()).toBe(how);
    expect(await server.closed()).toBe(how);
    expect(server.received).toBe(0);
    const failed = await bench.proxy.event("exchange-failed");
    expect(failed).toMatchObject({ cause: "fault-rule", blame: "fault-rule" });
    await bench.serves();
    await bench.empties();
  });
}

test("a request dropped in silence: the client waits in vain, the server hears nothing, not even the end", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const { client, server } = await bench.open();
  faults.arm([{ kind: "drop", leg: "request", how: "silence" }], { kind: "poll" });
  await client.write(bind("s1", 1));
  await bench.proxy.event("fault-applied");
  await client.fin();
  const failed = await bench.proxy.event("exchange-failed");
  expect(failed).toMatchObject({ cause: "fault-rule", blame: "fault-rule" });
  await bench.serves();
  expect(server.isOpen).toBe(true);
  expect(server.received).toBe(0);
  faults.rules.disarm("r1");
  await server.closed();
  await bench.empties();
});

test("a duplicated request reaches the server twice; its second answer goes no further", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const { client, server } = await bench.open();
  faults.arm([{ kind: "duplicate", leg: "request" }], { kind: "poll" }, { times: 1 });
  await client.write(bind("s1", 1));
  const twice = bind("s1", 1) + bind("s1", 1);
  expect((await server.readBytes(twice.length)).toString()).toBe(twice);
  await server.write(bound("<message/>"));
  await client.readBytes(bound("<message/>").length);
  await client.write(bind("s1", 2));
  await server.readBytes(bind("s1", 2).length);
  await server.write(bound("<copy/>") + bound("<next/>"));
  expect((await client.readBytes(bound("<next/>").length)).toString()).toBe(bound("<next/>"));
  expect(client.received).toBe(bound("<message/>").length + bound("<next/>").length);
  const heads = bench.proxy.events.filter(({ kind }) => kind === "request-head");
  expect(heads.length).toBe(3);
  await bench.serves();
  await bench.empties();
});

test("an altered request has its new text and length", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const { client, server } = await bench.open();
  faults.arm(
    [
      {
        kind: "alter",
        leg: "request",
        setHeaders: [],
        removeHeaders: ["X-Gone"],
        replace: [{ text: "NOT_READY", by: "READY" }],
        setPaths: [],
      },
    ],
    { kind: "state-change" },
  );
  const body = "<User><state>NOT_READY</state></User>";
  await client.write(
    `${request("PUT /finesse/api/User/1001003", "X-Gone: 1", "Content-Type: application/xml", `Content-Length: ${body.length}`)}${body}`,
  );
  const head = await server.readHead();
  expect(head).not.toContain("X-Gone");
  expect(head).toContain(`Content-Length: ${body.length - 4}`);
  expect((await server.readBytes(body.length - 4)).toString()).toContain("<state>READY</state>");
  await server.write(answer(""));
  await client.readHead();
  await bench.serves();
  await bench.empties();
});

test("paused polls wait before the server until the rule is disarmed; other requests pass", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const [polls, rest] = [await bench.open(), await bench.open()];
  faults.arm([{ kind: "pause-polls", ms: null }], { kind: "poll", sid: "s1" });
  await polls.client.write(bind("s1", 1));
  await bench.proxy.event("fault-applied");
  await rest.client.write(bind("s1", 2, "<iq/>"));
  await rest.server.readBytes(bind("s1", 2, "<iq/>").length);
  expect(polls.server.received).toBe(0);
  faults.rules.disarm("r1");
  await polls.server.readBytes(bind("s1", 1).length);
  await bench.serves();
  await bench.empties();
});

test("a cut request arrives up to the byte", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const { client, server } = await bench.open();
  faults.arm([{ kind: "cut", leg: "request", afterBytes: 30, how: "fin" }], { kind: "poll" });
  await client.write(bind("s1", 1));
  expect(await server.closed()).toBe("fin");
  expect(await client.closed()).toBe("fin");
  expect(server.received).toBe(30);
  await bench.serves();
  await bench.empties();
});

test("a request that came before the server was reached meets the rules too", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  // The server is known by now: the client's handshake does not wait for it.
  await bench.open();
  faults.arm([{ kind: "answer", template: { kind: "invalid-sid" } }], { sid: "s1" });
  const { client, server } = await bench.open();
  await client.write(bind("s1", 1));
  expect(await client.readHead()).toMatch(/^HTTP\/1\.1 404 /);
  expect(server.received).toBe(0);
  await bench.serves();
  await bench.empties();
});

test("a held poll ends at the click of a rule that is also for what waits", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const [mine, other] = [await bench.open(), await bench.open()];
  for (const [{ client, server }, sid] of [
    [mine, "s1"],
    [other, "s2"],
  ] as const) {
    await client.write(bind(sid, 1));
    await server.readBytes(bind(sid, 1).length);
  }
  const began = performance.now();
  faults.arm(
    [{ kind: "drop", leg: "request", how: "reset" }],
    { sid: "s1" },
    { alsoWaiting: true },
  );
  expect(await mine.client.closed()).toBe("reset");
  expect(performance.now() - began).toBeLessThan(100);
  expect(await mine.server.closed()).toBe("reset");
  const failed = await bench.proxy.event("exchange-failed");
  expect(failed).toMatchObject({ cause: "fault-rule", blame: "fault-rule", phase: "headers" });
  await other.server.write(bound());
  await other.client.readBytes(bound().length);
  await bench.serves();
  await bench.empties();
});

test("a held poll is answered at the click, as the last on its connection: what comes next does not wait behind the server's answer", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const { client, server } = await bench.open();
  await client.write(bind("s1", 1));
  await server.readBytes(bind("s1", 1).length);
  const template = { kind: "terminate", condition: "other-request" } as const;
  faults.arm([{ kind: "answer", template }], { sid: "s1" }, { alsoWaiting: true, times: 1 });
  const head = await client.readHead();
  const length = Number(/Content-Length: (\d+)/i.exec(head)?.[1]);
  expect(head).toMatch(/\r\nConnection: close\r\n/);
  expect((await client.readBytes(length)).toString()).toContain("terminate");
  expect(await client.closed()).toBe("fin");
  expect(await server.closed()).toBe("fin");
  const failed = bench.proxy.events.filter(({ kind }) => kind === "exchange-failed");
  expect(failed).toEqual([]);
  await bench.serves();
  await bench.empties();
});
