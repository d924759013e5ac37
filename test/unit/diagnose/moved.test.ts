/** An agent with two sessions: one it left for the other, or a gadget's beside the desktop's. */
import { expect, test } from "vitest";
import type { SessionSummary } from "../../../src/domain/timeline.ts";
import { aSession } from "../../support/a-session.ts";
import { Story, startWall } from "./a-story.ts";

const second = { sid: "gad00001", connection: "cap1-9" };

const summary = (sid: string, jid: string): SessionSummary =>
  aSession({
    id: `cap1-${sid}`,
    sid,
    jid,
    client: "unknown",
    startedAt: new Date(startWall).toISOString(),
    firstExchange: "cap1-1",
    lastExchange: "cap1-1",
  });

const named = (story: Story, at: number, sid: string, resource: string): void =>
  story.fact(at, { kind: "session", session: summary(sid, `1001@fin1.local/${resource}`) });

/** A desktop of 12.x that pings every 10 s. */
function socket(story: Story, until: number): void {
  const told = { role: "websocket", kind: "websocket", path: "/ws", sid: null } as const;
  const row = story.exchange(0, 1, { status: 101 }, { ...told, notes: ["session-created"] });
  for (let at = 2; at <= until; at += 10) {
    story.frame(at, row, "client");
    story.frame(at + 0.02, row, "server", "pong");
  }
}

const silence = { side: "client", agent: "1001", severity: "near-miss" } as const;
const sinceStart = (at: string | undefined): number => (Date.parse(at ?? "") - startWall) / 1000;

test("a gadget's session does not hide that the pings of the desktop's socket stop", () => {
  const story = new Story();
  socket(story, 122);
  story.polls(60.5, 240, second);
  const [finding, another] = story.tell(200);
  expect(another).toBeUndefined();
  expect(finding).toMatchObject(silence);
  expect(sinceStart(finding?.at)).toBeCloseTo(122, 0);
});

test.each(["gadget", null])("nor that the desktop's polls stop (resource: %s)", (resource) => {
  const story = new Story();
  const at = story.polls(0, 95);
  if (resource !== null) {
    named(story, 1, "f382a015", "desktop");
    named(story, 62, second.sid, resource);
  }
  story.polls(61, 200, second);
  const [finding, another] = story.tell(at + 40);
  expect(another).toBeUndefined();
  expect(finding).toMatchObject(silence);
  expect(sinceStart(finding?.at)).toBeCloseTo(90, 0);
});

test("a session whose poll is held when its agent takes its resource over was left", () => {
  const story = new Story();
  named(story, 1, "f382a015", "desktop");
  story.polls(0, 95);
  story.polls(61, 200, second);
  named(story, 62, second.sid, "desktop");
  expect(story.tell(180)).toEqual([]);
});

test("so was one that asked nothing when another began", () => {
  const story = new Story();
  story.polls(0, 61);
  story.polls(61, 200, second);
  expect(story.tell(180)).toEqual([]);
});

test("a socket that was taken for left and pings again lives", () => {
  const story = new Story();
  socket(story, 122);
  story.connection(60, { id: "cap1-1", ended: true });
  story.polls(60.5, 240, second);
  expect(story.tell(200)).toEqual([expect.objectContaining(silence)]);
});
