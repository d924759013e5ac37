/** Which symptoms make one incident: what belongs together, and what was over before. */
import { describe, expect, test } from "vitest";
import { Story, startWall, type Told } from "./a-story.ts";

const refused = { cause: "refused", blame: "server", phase: "connect" } as const;
const reset = { cause: "reset", blame: "server" } as const;
const unnamed: Told = { kind: "tunnel", role: "tunnel", agent: null, sid: null, unsent: true };

const secondsOf = (when: string | undefined): number => (Date.parse(when ?? "") - startWall) / 1000;

/** Cut, then refused. Returns when. */
function crash(story: Story, from: number): number {
  story.poll(from, from + 12, {}, reset);
  for (const after of [0.5, 2.5, 7, 20, 40])
    story.exchange(from + 12 + after, from + 12 + after, refused, unnamed);
  return from + 12;
}

describe("a crash while SystemInfo has been slow every second minute for long", () => {
  const told = (rule: string | null) => {
    const story = new Story();
    const at = story.polls(0, 1510);
    for (let minute = 0; minute < 27; minute++)
      story.systemInfo(
        5 + minute * 60,
        rule !== null && minute === 1 ? { faults: [rule] } : {},
        { status: 200 },
        minute % 2 === 1 ? 6 : 0.02,
      );
    const crashedAt = crash(story, at);
    return { crashedAt, findings: story.tell(crashedAt + 60) };
  };

  test("is an incident of its own, with its own beginning, evidence and clock", () => {
    const { crashedAt, findings } = told(null);
    const [slow, crashed, third] = findings;
    expect(third).toBeUndefined();
    expect(slow).toMatchObject({ open: false, port: 8445 });
    expect(crashed).toMatchObject({ cause: "F12", side: "server", open: true });
    expect(secondsOf(crashed?.at)).toBeCloseTo(crashedAt, 1);
    expect(crashed?.evidence.map(({ what }) => what.key).slice(0, 3)).toEqual([
      "evidence.reset",
      "evidence.refused",
      "evidence.refused",
    ]);
    const due = new Map(crashed?.consequences.map(({ kind, at }) => [kind, secondsOf(at)]));
    expect(due.get("client-gives-up")).toBeCloseTo(crashedAt + 7.2, 1);
    expect(due.get("session-closed")).toBeCloseTo(crashedAt + 90, 1);
  });

  test("is not the doing of a rule that touched a request long before", () => {
    const { findings } = told("r1");
    expect(findings.map(({ cause, faults }) => [cause, faults])).toEqual([
      ["F14", []],
      ["F12", []],
    ]);
  });
});

test("a rule counts for as long as it can have caused the latest failure", () => {
  const story = new Story();
  story.polls(0, 400);
  for (let at = 5; at < 360; at += 60)
    story.systemInfo(at, at === 65 ? { faults: ["r1"] } : {}, { status: 200 }, at > 60 ? 6 : 0.02);
  const causeAt = (seconds: number) => story.tell(seconds).map(({ cause }) => cause);
  expect(causeAt(200)).toEqual(["F25"]);
  expect(causeAt(255)).toEqual(["F14"]);
});

test("a rule that touched a session long before is not to blame for its silence", () => {
  const story = new Story();
  story.poll(0, 30, { faults: ["r1"], notes: ["empty"] });
  story.polls(30.02, 300);
  expect(story.tell(400).map(({ cause }) => cause)).toEqual(["F4"]);
});

test("a session that got over a cut, and a crash a minute later, are two incidents", () => {
  const story = new Story();
  const at = story.polls(0, 61);
  story.poll(at, at + 5, {}, reset);
  const next = story.polls(at + 5.5, at + 70);
  const crashedAt = crash(story, next);
  const [cut, crashed, third] = story.tell(crashedAt + 20);
  expect(third).toBeUndefined();
  expect(cut).toMatchObject({ open: false, agents: ["1001"] });
  expect(secondsOf(cut?.at)).toBeCloseTo(at + 5, 1);
  expect(crashed).toMatchObject({ cause: "F12", side: "server" });
  expect(crashed?.confidence).toBeGreaterThan(0.8);
  expect(secondsOf(crashed?.at)).toBeCloseTo(crashedAt, 1);
});

describe("a session that the server drops some time after its client's silence", () => {
  const told = (silentSeconds: number, notes: readonly ("early-empty" | "ended-by-server")[]) => {
    const story = new Story();
    story.systemInfo(5);
    const at = story.polls(0, 61);
    const end = story.polls(at + silentSeconds, at + silentSeconds + 61);
    story.poll(end, end + 5, { notes: ["empty", ...notes] });
    story.poll(end + 5.1, end + 5.12, { notes: ["invalid-sid"] }, { status: 404 });
    story.systemInfo(end + 8, { agent: "1002", client: "cap1 10.0.0.2 chrome" });
    return story.tell(end + 60).map(({ side, cause, severity }) => ({ side, cause, severity }));
  };

  test("a short one: it was served since, so the server dropped it", () => {
    expect(told(6, ["early-empty"])).toEqual([
      { side: "client", cause: "F4", severity: "warning" },
      { side: "server", cause: "F18", severity: "disconnect" },
    ]);
    expect(told(6, ["ended-by-server"])).toMatchObject([{ side: "client" }, { side: "server" }]);
  });

  test("one beyond the idle limit: what follows may be its doing", () => {
    expect(told(70, ["ended-by-server"])).toMatchObject([
      { side: "client", severity: "disconnect" },
    ]);
  });

  test("an answer before its time, right after a short silence, is the server's", () => {
    const story = new Story();
    const at = story.polls(0, 61);
    story.poll(at + 6, at + 11, { notes: ["empty", "early-empty"] });
    story.poll(at + 11.1, at + 11.2, { notes: ["invalid-sid"] }, { status: 404 });
    story.systemInfo(at + 13);
    expect(story.tell(at + 40)).toMatchObject([
      { side: "client", severity: "warning" },
      { side: "server", cause: "F18" },
    ]);
  });
});

test("both ports of a node that falls bit by bit are one incident", () => {
  const story = new Story();
  story.systemInfo(1);
  const at = story.polls(0, 61);
  for (const after of [1, 21]) story.systemInfo(at + after, { unsent: true }, refused, 0.01);
  crash(story, at);
  expect(story.tell(at + 60)).toMatchObject([{ cause: "F17", side: "server" }]);
});

test("polls cut again and again, served in between, are one incident, whose clock is that of the last cut", () => {
  const story = new Story();
  let at = story.polls(0, 61);
  for (let cuts = 0; cuts < 8; cuts++, at += 51) {
    story.poll(at, at + 20, {}, reset);
    story.poll(at + 20.5, at + 50.5, { notes: ["empty"] });
  }
  story.poll(at, at + 20, {}, reset);
  const [finding, second] = story.tell(at + 21);
  expect(second).toBeUndefined();
  expect(finding).toMatchObject({ cause: "F2", side: "network" });
  const closed = finding?.consequences.find(({ kind }) => kind === "session-closed");
  expect(secondsOf(closed?.at)).toBeCloseTo(at + 20 + 90, 1);
});

test("evidence of very many symptoms shows how it began and how it stands", () => {
  const story = new Story();
  story.systemInfo(1);
  const at = story.polls(0, 61);
  story.poll(at, at + 5, {}, reset);
  let last = "";
  for (let after = 5.5; after < 60; after += 2)
    last = story.exchange(at + after, at + after, refused, unnamed);
  story.systemInfo(at + 50);
  const [finding] = story.tell(at + 61);
  expect(finding?.evidence.map(({ exchange }) => exchange)).toContain(last);
  expect(finding?.evidence.at(-1)?.what.key).toBe("evidence.ok");
  expect(finding?.evidence.length).toBeLessThanOrEqual(13);
});
