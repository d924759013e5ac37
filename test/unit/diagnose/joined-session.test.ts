/** A session whose beginning was not seen: its granted wait is not known, and nothing is told that rests on a guess. */
import { expect, test } from "vitest";
import { Story, type Told } from "./a-story.ts";

const joined: Told = { waitMs: null };

function desk(wait: number, until: number): { readonly story: Story; readonly at: number } {
  const story = new Story();
  for (let at = 5; at < until; at += 60) story.systemInfo(at);
  return { story, at: story.polls(0, until, { ...joined, notes: ["empty", "joined-late"] }, wait) };
}

test("polls of 60 s are whole where the server grants 60 s", () => {
  const { story, at } = desk(60, 400);
  expect(story.tell(at)).toEqual([]);
});

test("a first poll of 60 s that a stanza ends is no fault either", () => {
  const { story } = desk(60, 0);
  story.poll(0, 50, joined);
  story.polls(50.1, 200, { ...joined, notes: ["empty"] }, 60);
  expect(story.tell(170)).toEqual([]);
});

test("an answer released by a newer request does not show the wait", () => {
  const { story } = desk(60, 0);
  story.poll(0, 40, { ...joined, notes: ["empty"] });
  story.poll(39.9, 99.9, { ...joined, notes: ["empty"], connection: "cap1-2" });
  story.polls(99.95, 170, { ...joined, notes: ["empty"] }, 60);
  expect(story.tell(155)).toEqual([]);
});

test("once answers have shown a wait of 30 s, a poll without an answer is told as soon as ever", () => {
  const { story, at } = desk(30, 95);
  story.poll(at, null, joined);
  expect(story.tell(at + 34)).toEqual([]);
  expect(story.tell(at + 45)).toMatchObject([{ cause: "F12" }]);
});

test("a poll far beyond any wait that is asked for is lost, whatever was granted", () => {
  const story = new Story();
  story.poll(0, null, joined);
  for (const at of [1, 61]) story.systemInfo(at);
  expect(story.tell(60)).toEqual([]);
  expect(story.tell(75)).toMatchObject([{ cause: "F12" }]);
});

test("its client's own end of a poll after 35 s says nothing before the wait is known", () => {
  const story = new Story();
  story.systemInfo(1);
  story.poll(0, 35, joined, { cause: "closed-early", blame: "client" });
  expect(story.tell(50)).toEqual([]);
});
