/** What harm is told: a session lost by the trouble, not one that was left behind well after it. */
import { expect, test } from "vitest";
import { Story, type Told } from "./a-story.ts";

const anew: Told = { sid: "beef", connection: "cap1-2" };

/** The page is loaded anew in the middle of a poll. */
function reload(story: Story, at: number): void {
  story.poll(at, at + 9, {}, { cause: "closed-early", blame: "client" });
  story.poll(at + 11, at + 11.1, { ...anew, notes: ["session-created"] });
  story.polls(at + 11.2, at + 100, anew);
}

test("a page loaded anew long after a short silence was not lost by it", () => {
  const story = new Story();
  const at = story.polls(0, 61);
  const next = story.polls(at + 6, at + 40);
  reload(story, next);
  expect(story.tell(next + 60)).toMatchObject([{ cause: "F4", severity: "warning" }]);
});

test("a page loaded anew because it had fallen silent was lost by that", () => {
  const story = new Story();
  const at = story.polls(0, 61);
  story.poll(at + 20, at + 20.1, { ...anew, notes: ["session-created"] });
  story.polls(at + 20.2, at + 100, anew);
  expect(story.tell(at + 60)).toMatchObject([{ cause: "F4", severity: "disconnect" }]);
});

test("a page loaded anew well after a cut that its session got over was not lost by it", () => {
  const story = new Story();
  story.systemInfo(1);
  const at = story.polls(0, 61);
  story.poll(at, at + 5, {}, { cause: "reset", blame: "network" });
  const next = story.polls(at + 5.5, at + 40);
  reload(story, next);
  expect(story.tell(next + 60)).toMatchObject([{ severity: "near-miss" }]);
});

test("a WebSocket's client that stays silent beyond the idle limit is lost, though its last ping had a reply", () => {
  const story = new Story();
  const told: Told = {
    role: "websocket",
    kind: "websocket",
    sid: null,
    notes: ["session-created"],
    path: "/ws/",
  };
  const socket = story.exchange(0, 0.1, { status: 101 }, told);
  for (let at = 2; at <= 122; at += 10) {
    story.frame(at, socket, "client");
    story.frame(at + 0.02, socket, "server", "pong");
  }
  expect(story.tell(180)).toMatchObject([{ side: "client", severity: "near-miss" }]);
  expect(story.tell(230)).toMatchObject([{ side: "client", severity: "disconnect" }]);
});
