/** What rules do to answers, on real sockets and TLS: what client and server see, byte for byte. */
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { bind, bound, type FaultBench, startFaultBench } from "../support/fault-bench.ts";
import type { Connected } from "../support/same-trace.ts";

/** A poll that the server holds. */
async function heldPoll({ bench }: FaultBench, sid = "s1"): Promise<Connected> {
  const connected = await bench.open();
  await poll(connected, sid, 1);
  return connected;
}

async function poll({ client, server }: Connected, sid: string, rid: number): Promise<void> {
  const asked = bind(sid, rid);
  await client.write(asked);
  expect((await server.readBytes(asked.length)).toString()).toBe(asked);
}

async function answered({ client, server }: Connected, text: string): Promise<void> {
  await server.write(text);
  expect((await client.readBytes(text.length)).toString("latin1")).toBe(text);
}

async function leaves(faults: FaultBench, { client, server }: Connected): Promise<void> {
  await client.fin();
  expect(await server.closed()).toBe("fin");
  await faults.bench.serves();
  await faults.bench.empties();
}

const news = (id: number): string =>
  `<message id='m${id}'><event xmlns='http://jabber.org/protocol/pubsub#event'><items><item><notification>&lt;Update&gt;&lt;data&gt;&lt;user&gt;&lt;state&gt;READY${id}&lt;/state&gt;&lt;/user&gt;&lt;/data&gt;&lt;/Update&gt;</notification></item></items></event></message>`;

test("an answer waits for as long as the rule says, and arrives as it was sent", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const connected = await heldPoll(faults);
  faults.arm([{ kind: "delay", leg: "response", ms: 150, jitterMs: 0 }], { kind: "poll" });
  const began = performance.now();
  await answered(connected, bound("<message/>"));
  const took = performance.now() - began;
  expect(took).toBeGreaterThanOrEqual(148);
  expect(took).toBeLessThan(1000);
  const applied = await bench.proxy.event("fault-applied");
  expect(applied).toMatchObject({ rule: "r1", what: "wait" });
  expect((await bench.proxy.event("response-end")).delivered).toBe(false);
  const { exchange } = applied;
  await bench.proxy.event("response-delivered", (event) => event.exchange === exchange);
  // The rule is off: the same connection is relayed as ever.
  faults.rules.disarm("r1");
  await poll(connected, "s1", 2);
  await answered(connected, bound());
  const next = await bench.proxy.event("response-end", (event) => event.exchange === exchange + 1);
  expect(next.delivered).toBe(true);
  await leaves(faults, connected);
});

test("an answer that waits for an age counts from its request", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const connected = await bench.open();
  faults.arm([{ kind: "delay-until", ageMs: 300 }], { kind: "poll" });
  const began = performance.now();
  await poll(connected, "s1", 1);
  await answered(connected, bound());
  const took = performance.now() - began;
  expect(took).toBeGreaterThanOrEqual(298);
  expect(took).toBeLessThan(1200);
  await leaves(faults, connected);
});

test("a disarmed delay is over at once, a spent one is not", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const connected = await heldPoll(faults);
  const long = { kind: "delay", leg: "response", ms: 60_000, jitterMs: 0 } as const;
  faults.arm([long], { kind: "poll" });
  await connected.server.write(bound());
  await bench.proxy.event("fault-applied");
  expect(connected.client.received).toBe(0);
  faults.rules.disarm("r1");
  const began = performance.now();
  await connected.client.readBytes(bound().length);
  expect(performance.now() - began).toBeLessThan(500);
  faults.arm([{ ...long, ms: 200 }], { kind: "poll" }, { times: 1 });
  await poll(connected, "s1", 2);
  const start = performance.now();
  await answered(connected, bound());
  expect(performance.now() - start).toBeGreaterThanOrEqual(198);
  expect(faults.rules.isArmed("r2")).toBe(false);
  await leaves(faults, connected);
});

test("what a rule planned for an answer is off when the rule is disarmed before the answer comes", async () => {
  await using faults = await startFaultBench();
  const connected = await faults.bench.open();
  const long = { kind: "delay", leg: "response", ms: 60_000, jitterMs: 0 } as const;
  const first = faults.arm([long, { kind: "drop", leg: "response", how: "reset" }]);
  await poll(connected, "s1", 1);
  faults.rules.disarm(first.id);
  await answered(connected, bound());
  // Armed again, it is on again: the wait is let go, and the drop behind it does not happen.
  faults.rules.arm(first);
  await poll(connected, "s1", 2);
  await connected.server.write(bound());
  await faults.bench.proxy.event("fault-applied");
  faults.rules.disarmAll();
  expect((await connected.client.readBytes(bound().length)).toString()).toBe(bound());
  await leaves(faults, connected);
});

test("messages of two breakpoints go on when all rules are disarmed at once", async () => {
  await using faults = await startFaultBench();
  const { client, server } = await faults.bench.open();
  for (let round = 0; round < 2; round++) faults.arm([{ kind: "hold", leg: "request" }]);
  await client.write(bind("s1", 1));
  await faults.bench.proxy.event("fault-applied");
  faults.rules.disarmAll();
  expect((await server.readBytes(bind("s1", 1).length)).toString()).toBe(bind("s1", 1));
  await faults.bench.empties();
});

test("a client that gives up while its answer waits is told to the server at once, and the rule is to blame", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const connected = await heldPoll(faults);
  faults.arm([{ kind: "delay", leg: "response", ms: 60_000, jitterMs: 0 }], { kind: "poll" });
  await connected.server.write(bound());
  await bench.proxy.event("fault-applied");
  connected.client.reset();
  expect(await connected.server.closed()).toBe("reset");
  const failed = await bench.proxy.event("exchange-failed");
  expect(failed).toMatchObject({ cause: "fault-rule", blame: "fault-rule" });
  expect(failed.detail).toContain("r1");
  await bench.empties();
});

for (const how of ["fin", "reset"] as const) {
  test(`a dropped answer ends the connection by ${how}, on both sides`, async () => {
    await using faults = await startFaultBench();
    const { bench } = faults;
    const { client, server } = await heldPoll(faults);
    faults.arm([{ kind: "drop", leg: "response", how }], { kind: "poll" });
    await server.write(bound());
    expect(await client.closed()).toBe(how);
    expect(await server.closed()).toBe(how);
    expect(client.received).toBe(0);
    const failed = await bench.proxy.event("exchange-failed");
    expect(failed).toMatchObject({ cause: "fault-rule", blame: "fault-rule" });
    const closed = await bench.proxy.event("leg-closed", ({ side }) => side === "client");
    expect(closed).toMatchObject({ by: "boshscope", how });
    await bench.serves();
    await bench.empties();
  });
}

test("an answer dropped in silence never comes, and neither side is told", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const { client, server } = await heldPoll(faults);
  faults.arm([{ kind: "drop", leg: "response", how: "silence" }], { kind: "poll" });
  await server.write(bound());
  await bench.proxy.event("exchange-failed", ({ cause }) => cause === "fault-rule");
  await server.fin();
  await bench.serves();
  expect(client.received).toBe(0);
  expect(client.isOpen).toBe(true);
  // Disarming does not bring it back.
  faults.rules.disarm("r1");
  await bench.serves();
  expect(client.received).toBe(0);
  await client.fin();
  await bench.empties();
});

test("a cut answer arrives up to the byte", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const { client, server } = await heldPoll(faults);
  faults.arm([{ kind: "cut", leg: "response", afterBytes: 40, how: "reset" }], { kind: "poll" });
  await server.write(bound("<message/>"));
  expect((await client.readBytes(40)).toString()).toBe(bound("<message/>").slice(0, 40));
  expect(await client.closed()).toBe("reset");
  expect(await server.closed()).toBe("reset");
  expect(client.received).toBe(40);
  await bench.serves();
  await bench.empties();
});

test("a throttled answer comes at its rate", async () => {
  await using faults = await startFaultBench();
  const connected = await heldPoll(faults);
  faults.arm([{ kind: "throttle", leg: "response", bytesPerSecond: 4000 }], { kind: "poll" });
  const text = bound(`<message>${"x".repeat(2000)}</message>`);
  const began = performance.now();
  await answered(connected, text);
  const expected = (text.length / 4000) * 1000;
  const took = performance.now() - began;
  expect(took).toBeGreaterThan(expected * 0.8);
  expect(took).toBeLessThan(expected * 2);
  await leaves(faults, connected);
});

test("an altered answer has its new text, header and length; the capture has the server's own", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const connected = await heldPoll(faults);
  faults.arm(
    [
      {
        kind: "alter",
        leg: "response",
        setHeaders: [["X-Changed", "yes"]],
        removeHeaders: [],
        replace: [{ text: "READY1", by: "NOT_READY" }],
        setPaths: [],
      },
    ],
    { kind: "notification" },
  );
  await connected.server.write(bound(news(1)));
  const head = await connected.client.readHead();
  const length = Number(/Content-Length: (\d+)/.exec(head)?.[1]);
  const body = (await connected.client.readBytes(length)).toString();
  expect(head).toContain("X-Changed: yes");
  expect(body).toContain("NOT_READY");
  expect(body.length).toBe(bound(news(1)).split("\r\n\r\n")[1]!.length + 3);
  const captured = await bench.proxy.event("response-body");
  expect(Buffer.from(captured.bytes).toString()).toContain("READY1");
  await poll(connected, "s1", 2);
  await answered(connected, bound());
  await leaves(faults, connected);
});

test("a compressed, chunked answer is altered too, and comes in plain", async () => {
  await using faults = await startFaultBench();
  const connected = await heldPoll(faults);
  const nothing = { setHeaders: [], removeHeaders: [], setPaths: [] };
  const replace = [{ text: "READY1", by: "X" }];
  faults.arm([{ kind: "alter", leg: "response", replace, ...nothing }], { kind: "notification" });
  const body = gzipSync(bound(news(1)).split("\r\n\r\n")[1]!);
  await connected.server.write(
    Buffer.concat([
      Buffer.from(
        `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n`,
      ),
      body,
      Buffer.from("\r\n0\r\n\r\n"),
    ]),
  );
  const head = await connected.client.readHead();
  expect(head.toLowerCase()).not.toContain("encoding");
  const length = Number(/Content-Length: (\d+)/i.exec(head)?.[1]);
  expect((await connected.client.readBytes(length)).toString()).toContain("&gt;X&lt;");
  await leaves(faults, connected);
});

test("two notifications change places, and each answer stays valid", async () => {
  await using faults = await startFaultBench();
  const connected = await heldPoll(faults);
  faults.arm([{ kind: "reorder" }], { kind: "notification" }, { times: 1 });
  await connected.server.write(bound(news(1)));
  const first = await readAnswer(connected);
  expect(first).not.toContain("READY");
  await poll(connected, "s1", 2);
  await connected.server.write(bound(news(2)));
  const second = await readAnswer(connected);
  expect(second.indexOf("READY2")).toBeLessThan(second.indexOf("READY1"));
  expect(second.indexOf("READY2")).toBeGreaterThan(0);
  await poll(connected, "s1", 3);
  await answered(connected, bound(news(3)));
  await leaves(faults, connected);
});

async function readAnswer({ client }: Connected): Promise<string> {
  const head = await client.readHead();
  const length = Number(/Content-Length: (\d+)/i.exec(head)?.[1]);
  return (await client.readBytes(length)).toString();
}

test("a duplicated notification stands twice in its one answer", async () => {
  await using faults = await startFaultBench();
  const connected = await heldPoll(faults);
  faults.arm([{ kind: "duplicate", leg: "response" }], { kind: "notification" });
  await connected.server.write(bound(news(1)));
  expect((await readAnswer(connected)).split("READY1").length).toBe(3);
  await leaves(faults, connected);
});

test("an answer that no rule means passes as it came while another waits", async () => {
  await using faults = await startFaultBench();
  const waiting = await heldPoll(faults, "s1");
  const other = await heldPoll(faults, "s2");
  faults.arm([{ kind: "delay", leg: "response", ms: 60_000, jitterMs: 0 }], { sid: "s1" });
  await waiting.server.write(bound());
  await faults.bench.proxy.event("fault-applied");
  await answered(other, bound(news(1)));
  expect(waiting.client.received).toBe(0);
  faults.rules.disarmAll();
  await waiting.client.readBytes(bound().length);
  await faults.bench.empties();
});
