/** Connections that a rule forgets as a firewall does, and requests whose client has gone while they waited, on real sockets and TLS. */
import { expect, test } from "vitest";
import { polled } from "../support/changes.ts";
import { bind, bound, type FaultBench, startFaultBench } from "../support/fault-bench.ts";
import type { Connected } from "../support/same-trace.ts";

const idle = { kind: "forget", counts: "idle" } as const;

async function heldPoll({ bench, rules }: FaultBench, sid: string): Promise<Connected> {
  const connected = await bench.open();
  await connected.client.write(bind(sid, 1));
  await connected.server.readBytes(bind(sid, 1).length);
  rules.directory.session(sid, `agent-${sid}`, "open");
  return connected;
}

test("a connection that has been idle is reset at both ends; one of another agent stays", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const [mine, other] = [await heldPoll(faults, "s1"), await heldPoll(faults, "s2")];
  faults.arm([{ ...idle, ms: 200, how: "reset" }], { kind: "poll", agent: "agent-s1" });
  expect(await mine.client.closed()).toBe("reset");
  expect(await mine.server.closed()).toBe("reset");
  const applied = await bench.proxy.event("fault-applied");
  const failed = await bench.proxy.event("exchange-failed");
  expect(failed).toMatchObject({ cause: "fault-rule", blame: "fault-rule" });
  expect(failed.exchange).toBe(applied.exchange);
  await other.server.write(bound());
  await other.client.readBytes(bound().length);
  faults.rules.disarmAll();
  await bench.serves();
  await bench.empties();
});

test("bytes either way keep a connection young", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const { client, server } = await heldPoll(faults, "s1");
  faults.arm([{ ...idle, ms: 400, how: "reset" }], { kind: "poll" });
  const began = performance.now();
  await polled(() => (performance.now() - began > 300 ? true : undefined), "most of its age");
  await server.write(bound());
  await client.readBytes(bound().length);
  await polled(() => (performance.now() - began > 550 ? true : undefined), "more than its age");
  expect(client.isOpen).toBe(true);
  expect(await client.closed()).toBe("reset");
  expect(performance.now() - began).toBeGreaterThanOrEqual(690);
  faults.rules.disarmAll();
  await bench.serves();
  await bench.empties();
});

test("forgotten in silence: the answer is lost, so is the next request, and both name the rule", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const { client, server } = await heldPoll(faults, "s1");
  faults.arm([{ ...idle, ms: 150, how: "silence" }], { kind: "poll" });
  await bench.proxy.event("fault-applied");
  const before = server.received;
  await server.write(bound());
  await client.write(bind("s1", 2));
  await polled(
    () => bench.proxy.events.filter(({ kind }) => kind === "fault-applied").length > 1 || undefined,
    "the next request is marked",
  );
  expect(client.received).toBe(0);
  expect(server.received).toBe(before);
  expect(client.isOpen && server.isOpen).toBe(true);
  await client.fin();
  await bench.proxy.event("exchange-failed", ({ cause }) => cause === "fault-rule");
  faults.rules.disarmAll();
  await bench.serves();
  await bench.empties();
});

test("by age, a connection ends however busy it is", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  faults.arm([{ kind: "forget", counts: "open", ms: 300, how: "reset" }], { kind: "http-bind" });
  const began = performance.now();
  const { client, server } = await bench.open();
  let rid = 0;
  while (performance.now() - began < 250) {
    await client.write(bind("s1", ++rid));
    await server.readBytes(bind("s1", rid).length);
    await server.write(bound());
    await client.readBytes(bound().length);
  }
  expect(await client.closed()).toBe("reset");
  expect(performance.now() - began).toBeLessThan(2000);
  faults.rules.disarmAll();
  await bench.serves();
  await bench.empties();
});

test("a request that waits is not sent any more when its client has gone", async () => {
  await using faults = await startFaultBench();
  const { bench } = faults;
  const { client, server } = await bench.open();
  faults.arm([{ kind: "pause-polls", ms: null }], { kind: "poll" });
  await client.write(bind("s1", 1));
  await bench.proxy.event("fault-applied");
  await client.fin();
  expect(await server.closed()).toBe("fin");
  expect(server.received).toBe(0);
  const failed = await bench.proxy.event("exchange-failed");
  expect(failed).toMatchObject({ cause: "fault-rule", blame: "fault-rule" });
  faults.rules.disarmAll();
  await bench.serves();
  await bench.empties();
});
