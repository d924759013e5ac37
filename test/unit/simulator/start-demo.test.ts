/** The demo: all kinds of desktops sign in, and calls come and go. */
import { expect, test } from "vitest";
import { demoAgents, startDemo } from "../../../src/simulator/start-demo.ts";
import { polled } from "../../support/changes.ts";

test("six desktops of three kinds work, and calls come", async () => {
  await using demo = await startDemo({ agents: 6, proxy: null, ca: "", speed: 50 });
  const active = () => demo.desktops.filter((desktop) => desktop.state().phase === "active");
  await polled(() => (active().length === 6 ? true : undefined), "six active desktops");
  const transports = demo.pair.truth().map(({ transport }) => transport);
  expect([...transports].sort()).toEqual([
    "bosh",
    "bosh",
    "bosh",
    "bosh",
    "websocket",
    "websocket",
  ]);
  const calls = () =>
    demo.desktops.flatMap(({ log }) => log.events.filter(({ kind }) => kind === "call"));
  await polled(() => (calls().length >= 3 ? true : undefined), "calls");
});

test("agents have ids and extensions of their own", () => {
  const agents = demoAgents(20);
  expect(new Set(agents.map(({ id }) => id)).size).toBe(20);
  expect(new Set(agents.map(({ extension }) => extension)).size).toBe(20);
  expect(agents.filter(({ supervisor }) => supervisor)).toHaveLength(2);
});
