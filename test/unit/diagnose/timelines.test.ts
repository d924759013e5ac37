/** The worked timelines of the domain reference (5.6) as oracles, and what is no fault at all. */
import { expect, test } from "vitest";
import { Story, startWall } from "./a-story.ts";

const cut = { cause: "reset", blame: "server" } as const;
const refused = { cause: "refused", blame: "server", phase: "connect" } as const;
const clientGaveUp = { cause: "closed-early", blame: "client" } as const;

test("A: a tab frozen 45 s survives, and the silence is the client's", () => {
  const story = new Story();
  const at = story.polls(0, 100);
  story.polls(at + 45, at + 200);
  const [finding, second] = story.tell(at + 200);
  expect(second).toBeUndefined();
  expect(finding).toMatchObject({
    side: "client",
    cause: "F4",
    severity: "near-miss",
    agent: "1001",
  });
  expect(finding?.consequences).toEqual([]);
});

test("A: a tab frozen 100 s finds its session closed between 60 and 90 s, and the agent logged out 60 s later", () => {
  const story = new Story();
  const at = story.polls(0, 61);
  const back = at + 100;
  for (const after of [0, 0.53, 2.57, 7.16])
    story.poll(back + after, back + after + 0.02, { notes: ["invalid-sid"] }, { status: 404 });
  const [finding, second] = story.tell(back + 30);
  expect(second).toBeUndefined();
  expect(finding).toMatchObject({ side: "client", cause: "F4", severity: "disconnect" });
  const [closed, logout] = finding?.consequences ?? [];
  expect(closed).toMatchObject({ kind: "session-closed", certainty: "seen" });
  const sinceAnswer = (when: string | undefined) =>
    (Date.parse(when ?? "") - Date.parse(finding?.at ?? "")) / 1000;
  expect(sinceAnswer(closed?.at)).toBeCloseTo(90, 0);
  expect(sinceAnswer(logout?.at)).toBeCloseTo(150, 0);
  expect(finding?.evidence.some(({ role }) => role === "consequence")).toBe(true);
});

test("A: while it lasts the clock is told: closed by 90 s, logged out by 150 s", () => {
  const story = new Story();
  const at = story.polls(0, 61);
  const [finding] = story.tell(at + 20);
  expect(finding).toMatchObject({ severity: "warning", open: true });
  expect(finding?.consequences.map(({ kind, certainty }) => [kind, certainty])).toEqual([
    ["session-closed", "expected"],
    ["forced-logout", "expected"],
  ]);
});

const secondsOf = (when: string | undefined): number => (Date.parse(when ?? "") - startWall) / 1000;

test("A: a short silence before the one that lasts moves neither the closing nor the logout", () => {
  const story = new Story();
  const at = story.polls(0, 61);
  const frozen = story.polls(at + 6, at + 97) - 0.015;
  for (const [seconds, told] of [
    [frozen + 8, "the first silence the longer"],
    [frozen + 40, "the second silence the longer"],
  ] as const) {
    const [finding, second] = story.tell(seconds);
    expect(second).toBeUndefined();
    const [closed, logout] = finding?.consequences ?? [];
    expect(secondsOf(closed?.at), told).toBeCloseTo(frozen + 90, 1);
    expect(secondsOf(logout?.at), told).toBeCloseTo(frozen + 150, 1);
  }
});

test("A: after half an hour of a hidden tab's silences the logout is still told ahead", () => {
  const story = new Story();
  for (let at = 0; at < 1800; at += 60) story.poll(at, at + 30, { notes: ["empty"] });
  const [finding] = story.tell(1795);
  const logout = finding?.consequences.find(({ kind }) => kind === "forced-logout");
  expect(secondsOf(logout?.at)).toBeCloseTo(1770 + 150, 1);
});

test("A: a session found closed after several silences was closed by the clock of the last", () => {
  const story = new Story();
  const at = story.polls(0, 61);
  const silent = story.polls(at + 40, at + 131) - 0.015;
  story.poll(silent + 120, silent + 120.02, { notes: ["invalid-sid"] }, { status: 404 });
  const [finding] = story.tell(silent + 130);
  const [closed] = finding?.consequences ?? [];
  expect(closed).toMatchObject({ certainty: "seen" });
  expect(secondsOf(closed?.at)).toBeCloseTo(silent + 90, 1);
});

test("B: a black hole on both ports is the network's; the client's own abort at 35 s blames nobody", () => {
  const story = new Story();
  story.systemInfo(1);
  const at = story.polls(0, 61);
  story.poll(at, at + 35, {}, clientGaveUp);
  story.poll(at + 35.5, at + 70.5, { unsent: true, connection: "cap1-2" }, clientGaveUp);
  story.exchange(at + 40, null, { status: 200 }, { role: "systeminfo", port: 8445, sid: null });
  const first: string[] = [];
  const diagnosis = story.run(at + 80, (finding, when) =>
    first.push(`${finding.side} ${(when - at).toFixed(0)}`),
  );
  const [finding] = diagnosis.findings();
  expect(finding).toMatchObject({ side: "network", cause: "F3" });
  expect(first.some((word) => word.startsWith("client"))).toBe(false);
  expect(finding?.consequences).toContainEqual(
    expect.objectContaining({ kind: "client-gives-up", certainty: "expected" }),
  );
});

test("C: a service that restarts gives all polls back, refuses, then knows nobody", () => {
  const story = new Story();
  for (const [index, agent] of ["1001", "1002", "1003"].entries()) {
    const told = { agent, sid: `f${index}`, connection: `cap1-${index + 1}` };
    story.systemInfo(2 + index, { agent });
    const at = story.polls(index * 3, 40, told);
    story.poll(at, 50, { ...told, notes: ["empty", "early-empty"] });
    for (const after of [0.1, 0.6, 2.6])
      story.exchange(50 + after, 50 + after, refused, {
        kind: "tunnel",
        role: "tunnel",
        agent: null,
        sid: null,
        unsent: true,
      });
    story.systemInfo(53 + index, { agent });
  }
  const found: number[] = [];
  const [finding, second] = story.run(80, (_finding, at) => found.push(at)).findings();
  expect(second).toBeUndefined();
  expect(finding).toMatchObject({
    side: "server",
    cause: "F11",
    severity: "disconnect",
    agent: null,
  });
  expect(finding?.agents).toEqual(["1001", "1002", "1003"]);
  expect(finding?.confidence).toBeGreaterThan(0.9);
  expect((found[0] ?? 99) - 50).toBeLessThan(3);
});

test("D: one reset in a hidden tab, and no retry: the silence after it is the tab's", () => {
  const story = new Story();
  const at = story.polls(0, 61);
  story.poll(at, at + 8, {}, cut);
  story.systemInfo(at + 9, { agent: "1002" });
  const [finding] = story.tell(at + 100);
  expect(finding).toMatchObject({ side: "client", cause: "F5", severity: "disconnect" });
});

test("E: a hold release is not a fault", () => {
  const story = new Story();
  const first = story.polls(0, 31);
  story.poll(first, first + 12.02, { notes: ["empty", "hold-release"] });
  story.poll(first + 12, first + 42, { notes: ["empty"], connection: "cap1-2" });
  const end = story.polls(first + 42.1, 200);
  expect(story.tell(end)).toEqual([]);
});

test("a tab or browser that is closed says nothing, and is no fault", () => {
  const story = new Story();
  const at = story.polls(0, 61);
  story.connection(0, { id: "cap1-1" });
  story.poll(at, at + 9, {}, clientGaveUp);
  const end = {
    ended: true,
    clientEnd: "fin",
    clientEndAt: Date.parse("2026-03-01T10:00:00Z") + (at + 9) * 1000,
  } as const;
  story.connection(at + 9, { id: "cap1-1", ...end });
  expect(story.tell(at + 300)).toEqual([]);
});

test("a tab closed between two polls is no fault either", () => {
  const story = new Story();
  const at = story.polls(0, 61);
  story.connection(0, { id: "cap1-1" });
  const closedAt = Date.parse("2026-03-01T10:00:00Z") + at * 1000;
  story.connection(at + 0.01, {
    id: "cap1-1",
    ended: true,
    clientEnd: "fin",
    clientEndAt: closedAt,
  });
  expect(story.tell(at + 300)).toEqual([]);
});

test("a page that is loaded anew leaves its session behind without a fault", () => {
  const story = new Story();
  const at = story.polls(0, 61);
  story.poll(at, at + 9, {}, clientGaveUp);
  story.poll(at + 11, at + 11.1, {
    sid: "beef",
    connection: "cap1-2",
    notes: ["session-created", "reconnect"],
  });
  const end = story.polls(at + 11.2, at + 200, { sid: "beef", connection: "cap1-2" });
  expect(story.tell(end)).toEqual([]);
});

test("a sign-out ends the polls without a fault", () => {
  const story = new Story();
  const at = story.polls(0, 61);
  story.poll(at, at + 0.1, { notes: ["terminate", "ended-by-client"] });
  expect(story.tell(at + 300)).toEqual([]);
});

test("the ticks of a hidden tab, one second each, are within limits", () => {
  const story = new Story();
  for (let at = 0; at < 280; at += 31) story.poll(at, at + 30, { notes: ["empty"] });
  expect(story.tell(281)).toEqual([]);
});

test("two silences that end at the same second of the minute are a throttled tab's", () => {
  const story = new Story();
  for (const at of [0, 60, 120, 180]) story.poll(at, at + 30, { notes: ["empty"] });
  const [finding] = story.tell(200);
  expect(finding).toMatchObject({ side: "client", cause: "F5", severity: "near-miss" });
  expect(finding?.revisions.map(({ cause }) => cause)).toContain("F4");
});
