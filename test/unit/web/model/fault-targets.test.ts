import { expect, test } from "vitest";
import { agentTargets, hostTargets } from "../../../../web/model/fault-targets.ts";
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
