import { expect, test } from "vitest";
import { agentTargets, appliesTo, hostTargets } from "../../../../web/model/fault-targets.ts";
import { LaneStore } from "../../../../web/model/lane-store.ts";
import { sampleTimeline } from "../../../support/page-timeline.ts";

test("agents and hosts are those seen, the signed-in agents first", () => {
  const store = new LaneStore(1000);
  for (const message of sampleTimeline(1_000_000))
    if (message.kind === "timeline") store.takeTimeline(message.sessions, message.agents);
  const known = store.agents.get("1001003");
  if (known === undefined) throw new Error();
  store.takeTimeline([], [{ ...known, host: null }]);
  expect(agentTargets(store)).toEqual(["47483648", "1001003"]);
  expect(hostTargets(store)).toEqual(["fin1.ucce.local", "fin2.ucce.local"]);
});

test("a scenario about polls does not apply to a WebSocket desktop, one about any does", () => {
  const store = new LaneStore(1000);
  for (const message of sampleTimeline(1_000_000))
    if (message.kind === "timeline") store.takeTimeline(message.sessions, message.agents);
  const polling = ["jabberwerx", "strophe"];
  expect(appliesTo(polling, "1001003", store)).toBe(true);
  expect(appliesTo(polling, "unseen", store)).toBe(true);
  const [id = ""] = store.agents.get("1001003")?.sessions ?? [];
  const session = store.sessions.get(id);
  if (session === undefined) throw new Error();
  store.takeTimeline([{ ...session, transport: "websocket" }], []);
  expect(appliesTo(polling, "1001003", store)).toBe(false);
  expect(appliesTo([...polling, "websocket"], "1001003", store)).toBe(true);
  store.takeTimeline([{ ...session, transport: "websocket", endedAt: session.startedAt }], []);
  expect(appliesTo(polling, "1001003", store)).toBe(true);
});
