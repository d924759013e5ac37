/** Hundreds of held polls, one agent's rule: it meets that agent's alone, also where the session is older than the rule. */
import { expect, test } from "vitest";
import { bind, bound, startFaultBench } from "../support/fault-bench.ts";
import type { Connected } from "../support/same-trace.ts";

const sessions = 300;
const agentOf = (index: number): string => `${1001000 + index}`;

test(`of ${sessions} held polls a rule for one agent touches that agent's`, async () => {
  await using faults = await startFaultBench();
  const { bench, rules } = faults;
  const all: Connected[] = [];
  for (let index = 0; index < sessions; index++) {
    const connected = await bench.open();
    const asked = bind(`s${index}`, 1);
    await connected.client.write(asked);
    await connected.server.readBytes(asked.length);
    all.push(connected);
    // As the recorder's timelines tell it, of sessions that began before.
    rules.directory.session(`s${index}`, agentOf(index), "open");
  }
  const chosen = 123;
  const template = { kind: "invalid-sid" } as const;
  const began = performance.now();
  faults.arm(
    [{ kind: "answer", template }],
    { kind: "poll", agent: agentOf(chosen) },
    { alsoWaiting: true },
  );
  const mine = all[chosen];
  expect(await mine?.client.readHead()).toMatch(/^HTTP\/1\.1 404 /);
  expect(performance.now() - began).toBeLessThan(500);
  for (const [index, { client, server }] of all.entries()) {
    if (index === chosen) continue;
    expect(client.received).toBe(0);
    await server.write(bound(`<n${index}/>`));
  }
  for (const [index, { client }] of all.entries()) {
    if (index === chosen) continue;
    const text = bound(`<n${index}/>`);
    expect((await client.readBytes(text.length)).toString()).toBe(text);
  }
  const touched = bench.proxy.events.filter(({ kind }) => kind === "fault-applied");
  expect(touched.length).toBe(1);
  await bench.empties();
});
