import { expect, test } from "vitest";
import type { AgentSummary, StoryEntry } from "../../../src/domain/timeline.ts";
import type { FeedMessage } from "../../../src/server/messages.ts";
import { TimelineTeller } from "../../../src/server/timeline-teller.ts";
import { sampleTimeline } from "../../support/page-timeline.ts";

type Told = Extract<FeedMessage, { kind: "timeline" }>;

const sample = sampleTimeline(1_000_000).find((message) => message.kind === "timeline") as Told;
const agents = sample.agents as readonly AgentSummary[];
const line = { at: "2026-03-01T08:00:00.000Z", kind: "poll-lost", exchange: "c-1" } as StoryEntry;

test("a change brings the story once, and again only when it has grown", () => {
  const teller = new TimelineTeller();
  const told = (changed: readonly AgentSummary[]) => {
    const text = teller.changes("cap1", { sessions: sample.sessions, agents: changed });
    return JSON.parse(text) as Told;
  };
  const first = told(agents);
  expect(first).toMatchObject({ kind: "timeline", captureId: "cap1", sessions: sample.sessions });
  expect(first.agents).toEqual(agents);
  const again = told(agents);
  expect(again.agents.map(({ agent }) => agent)).toEqual(agents.map(({ agent }) => agent));
  expect(again.agents.some((agent) => "story" in agent)).toBe(false);
  const grown = agents.map((agent, index) =>
    index === 0 ? { ...agent, story: [...agent.story, line] } : agent,
  );
  expect(told(grown).agents.map((agent) => agent.story)).toEqual([grown[0]?.story, undefined]);
  teller.forget();
  expect(told(grown).agents).toEqual(grown);
});

test("who begins is told all, whatever was told before", () => {
  const teller = new TimelineTeller();
  teller.changes("cap1", { sessions: [], agents });
  expect(JSON.parse(teller.all("cap1", { sessions: [], agents }))).toMatchObject({ agents });
});
