import { expect, test } from "vitest";
import type { AgentSummary, SessionSummary } from "../../../../src/domain/timeline.ts";
import { statusOf } from "../../../../web/model/agent-status.ts";

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
const session = (change: Partial<SessionSummary>): SessionSummary => ({
  id: "c-s1",
  transport: "bosh",
  host: "fin1",
  port: 7443,
  sid: "s",
  jid: "1001@fin1/desktop",
  agent: "1001",
  phase: "open",
  joined: false,
  client: "strophe",
  granted: {
    wait: 30,
    hold: 1,
    requests: 2,
    inactivity: 60,
    polling: 5,
    maxpause: null,
    ver: "1.6",
  },
  startedAt: at(0),
  endedAt: null,
  ending: null,
  requests: 1,
  rids: 1,
  firstRid: 1,
  lastRid: 1,
  stanzasToServer: 0,
  stanzasToClient: 0,
  retransmissions: 0,
  failures: 0,
  pings: 0,
  open: 0,
  openSince: null,
  quietSince: null,
  lastThinkGapMs: null,
  maxThinkGapMs: null,
  firstExchange: "c-1",
  lastExchange: "c-1",
  previous: null,
  failover: false,
  ...change,
});
const status = (change: Partial<SessionSummary>, pace = 1) =>
  statusOf(agent, session(change), now, pace);

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
  const { granted } = session({});
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
  const left = session({ phase: "terminated", endedAt: at(1), ending: "terminate by client" });
  expect(statusOf(beating, left, now, 1)).toMatchObject({ level: "off", troubles: [], heartbeat });
  const lost = session({ phase: "terminated", endedAt: at(1), ending: "terminate conflict" });
  expect(statusOf(beating, lost, now, 1).troubles).toContain("beat-missing");
});

test("a node out of service, or a SystemInfo that is missing, shows beside a healthy session", () => {
  const shown = statusOf(beating, session({ open: 1 }), now, 1);
  expect(shown.troubles).toEqual(["out-of-service", "beat-missing"]);
  expect(shown.level).toBe("red");
});
