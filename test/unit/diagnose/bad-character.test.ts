/** F13: a forbidden character counts for a fall of everybody soon after it, and for nothing else. */
import { expect, test } from "vitest";
import { Story, type Told } from "./a-story.ts";

const refused = { cause: "refused", blame: "server", phase: "connect" } as const;
const reset = { cause: "reset", blame: "server" } as const;
const unnamed: Told = { kind: "tunnel", role: "tunnel", agent: null, sid: null, unsent: true };
const bad: Told = { notes: ["invalid-xml-char"] };

const agent = (index: number): Told => ({
  agent: `100${index}`,
  sid: `f${index}`,
  connection: `cap1-${index}`,
  client: `cap1 10.0.0.${index} chrome`,
});

function others(story: Story): void {
  for (const index of [2, 3]) {
    story.polls(index / 10, 400, agent(index));
    for (let at = index; at < 400; at += 60) story.systemInfo(at, agent(index));
  }
}

test("one cut after it, while everything goes on, is the path's", () => {
  const story = new Story();
  others(story);
  const at = story.polls(0, 95, agent(1));
  story.poll(at, at + 12, { ...agent(1), ...bad });
  story.poll(at + 12.1, at + 30, agent(1), reset);
  story.polls(at + 30.5, 300, agent(1));
  expect(story.tell(at + 100)).toMatchObject([{ cause: "F2", side: "network" }]);
});

test("it says nothing about a cut before it", () => {
  const story = new Story();
  others(story);
  const at = story.polls(0, 95, agent(1));
  story.poll(at, at + 20, agent(1), reset);
  story.poll(at + 20.5, at + 30, { ...agent(1), ...bad });
  story.polls(at + 30.1, 300, agent(1));
  const [finding] = story.tell(at + 100);
  expect(finding).toMatchObject({ cause: "F2", side: "network" });
  expect(finding?.before.map(({ key }) => key)).not.toContain("before.bad-character");
});

/** Both ports fall for everybody, `after` seconds after the character. */
function fall(story: Story, after: number): number {
  let fell = 0;
  for (const index of [1, 2, 3]) {
    story.systemInfo(index, agent(index));
    const at = story.polls(0, 61, agent(index));
    if (index === 1) story.poll(at, at + 2, { ...agent(1), ...bad });
    else story.poll(at, at + 2, agent(index));
    fell = at + 2 + after;
    const next = after > 30 ? story.polls(at + 2.01, fell, agent(index)) : at + 2.01;
    story.poll(next, fell, agent(index), reset);
  }
  for (const seconds of [0.5, 2]) story.exchange(fell + seconds, fell + seconds, refused, unnamed);
  story.exchange(fell + 1, fell + 1, refused, { ...unnamed, port: 8445 });
  return fell;
}

test("a fall of both ports for everybody is its doing, also once they are back and more of it came", () => {
  const story = new Story();
  const fell = fall(story, 5);
  const anew: Told = { ...agent(1), sid: "beef", connection: "cap1-9" };
  story.poll(fell + 40, fell + 40.1, { ...anew, notes: ["session-created"] });
  story.poll(fell + 40.2, fell + 50, { ...anew, ...bad });
  story.polls(fell + 50.1, fell + 200, anew);
  for (const after of [20, 60, 100]) {
    const found = story.tell(fell + after).filter(({ side }) => side === "server");
    expect(found, `${after} s after it`).toMatchObject([{ cause: "F13" }]);
    expect(found[0]?.confidence).toBeGreaterThan(0.9);
  }
});

test("a fall well over a minute after it has another cause", () => {
  const story = new Story();
  const fell = fall(story, 95);
  const worst = story.tell(fell + 20).find(({ severity }) => severity === "disconnect");
  expect(worst).toMatchObject({ cause: "F17", side: "server" });
});

test("the request that carried it may be cut by the fall itself, and others a moment sooner", () => {
  const story = new Story();
  for (const index of [1, 2]) {
    story.systemInfo(index, agent(index));
    const at = story.polls(0, 61, agent(index));
    story.poll(
      at,
      at + 4.99 + index / 100,
      { ...agent(index), ...(index === 2 ? bad : {}) },
      reset,
    );
    story.exchange(at + 6, at + 6, refused, unnamed);
  }
  expect(story.tell(90)).toMatchObject([{ cause: "F13", side: "server" }]);
});
