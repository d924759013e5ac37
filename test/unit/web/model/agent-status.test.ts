import { expect, test } from "vitest";
import type { AgentSummary, SessionSummary } from "../../../../src/domain/timeline.ts";
import { statusOf } from "../../../../web/model/agent-status.ts";
import { aSession } from "../../../support/a-session.ts";

const at = (ms: number): string => new Date(1e12 + ms).toISOString();
const now = 1e12 + 100_000;
const agent: AgentSummary = {
  agent: "1001",
  state: "READY",
  host: "fin1",
  sessions: ["c-s1"],
  heartbeats: [],
  story: [],
  firstSeen: at(0),
  lastSeen: at(0),
  joinedBy: ["jid"],
};
const status = (change: Partial<SessionSummary>, pace = 1) =>
  statusOf(agent, aSession(change), now, pace);

test.each([
  [31_999, "calm", []],
  [32_000, "amber", ["poll-late"]],
  [34_999, "amber", ["poll-late"]],
  [35_000, "red", ["poll-lost"]],
])("a poll of %i ms at a granted wait of 30 s is %s", (age, level, troubles) => {
  expect(status({ open: 1, openSince: at(100_000 - age) })).toMatchObject({ level, troubles });
});

test("a demo at tenfold speed is late ten times as early", () => {
  expect(status({ open: 1, openSince: at(100_000 - 3500) }, 10)).toMatchObject({
    level: "red",
    waitMs: 3000,
  });
});

test("an unseen grant is assumed, and said to be", () => {
  const { granted } = aSession({});
  const joined = status({ open: 1, openSince: at(66_000), granted: { ...granted, wait: null } });
  expect(joined).toMatchObject({ isWaitAssumed: true, waitMs: 30_000, level: "amber" });
});

test.each([
  [4999, "calm", []],
  [5000, "amber", ["quiet"]],
  [30_000, "red", ["quiet-long"]],
])("nothing outstanding for %i ms is %s", (quiet, level, troubles) => {
  expect(status({ quietSince: at(100_000 - quiet) })).toMatchObject({ level, troubles });
});

test("an end by the server is trouble, a sign-out is none", () => {
  const ended = { phase: "terminated" as const, endedAt: at(1) };
  expect(status({ ...ended, ending: "terminate conflict" }).level).toBe("red");
  expect(status({ ...ended, ending: "terminate by client" }).level).toBe("off");
});

const heartbeat = {
  host: "fin1",
  port: 8445,
  cadence: "normal" as const,
  lastAt: at(0),
  lastExchange: "c-1",
  beats: 3,
  intervalMs: 60_000,
  jitterMs: 1,
  missed: 0,
  isMissing: true,
  status: "OUT_OF_SERVICE",
  driftMs: 1,
  roundTripMs: 1,
};
const beating = { ...agent, heartbeats: [heartbeat] };

test("who has signed out sends no SystemInfo, and nothing is wrong", () => {
  const left = aSession({ phase: "terminated", endedAt: at(1), ending: "terminate by client" });
  expect(statusOf(beating, left, now, 1)).toMatchObject({ level: "off", troubles: [], heartbeat });
  const lost = aSession({ phase: "terminated", endedAt: at(1), ending: "terminate conflict" });
  expect(statusOf(beating, lost, now, 1).troubles).toContain("beat-missing");
});

test("a node out of service, or a SystemInfo that is missing, shows beside a healthy session", () => {
  const shown = statusOf(beating, aSession({ open: 1 }), now, 1);
  expect(shown.troubles).toEqual(["out-of-service", "beat-missing"]);
  expect(shown.level).toBe("red");
});
