import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LaneMark } from "../../../../src/domain/timeline.ts";
import { agentLane, LaneStore, laneKeyOf, sessionLane } from "../../../../web/model/lane-store.ts";
import { sampleTimeline } from "../../../support/page-timeline.ts";
import { anyMarks, markOf } from "./lane-marks.ts";

describe("the lanes' store", () => {
  test("holds the newest state of each mark once, on its lane, in order of time", () => {
    fc.assert(
      fc.property(anyMarks, fc.integer({ min: 1, max: 10 }), (marks, batch) => {
        const store = new LaneStore(1000);
        for (let at = 0; at < marks.length; at += batch) store.put(marks.slice(at, at + batch));
        const newest = new Map<number, LaneMark>();
        for (const mark of marks) {
          if ((newest.get(mark.number)?.seq ?? 0) <= mark.seq) newest.set(mark.number, mark);
        }
        expect(store.size).toBe(newest.size);
        const keys = new Set([...newest.values()].map(laneKeyOf).filter((key) => key !== null));
        for (const key of keys) {
          const wanted = [...newest.values()]
            .filter((mark) => laneKeyOf(mark) === key)
            .sort((a, b) => a.at - b.at || a.number - b.number);
          expect(store.marksOf(key)).toEqual(wanted);
        }
      }),
    );
  });

  test("a mark moves to its session's lane once the sid is known", () => {
    const store = new LaneStore(10);
    store.put([markOf({ number: 1, sid: null })]);
    expect(store.marksOf(agentLane("1001"))).toHaveLength(1);
    store.put([markOf({ number: 1, seq: 2 })]);
    expect(store.marksOf(agentLane("1001"))).toEqual([]);
    expect(store.marksOf(sessionLane("fin1", 7443, "s1"))).toHaveLength(1);
  });

  test("over its bound it lets the oldest go, wherever they came from", () => {
    const store = new LaneStore(100);
    const numbers = Array.from({ length: 101 }, (_, index) => 101 - index);
    store.put(numbers.map((number) => markOf({ number })));
    expect(store.size).toBe(90);
    expect(store.get(11)).toBeUndefined();
    expect(store.get(12)).toBeDefined();
    const kept = store.marksOf(sessionLane("fin1", 7443, "s1")).map(({ number }) => number);
    expect(kept).toEqual(Array.from({ length: 90 }, (_, index) => 12 + index));
  });

  test("a WebSocket's messages add up over changes, each once", () => {
    const store = new LaneStore(10);
    const frames = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => ({
        index: from + index,
        at: 0,
        from: "client" as const,
        event: "ping",
      }));
    store.put([markOf({ number: 1, role: "websocket", frames: frames(0, 30) })]);
    store.put([markOf({ number: 1, seq: 2, role: "websocket", frames: frames(20, 40) })]);
    expect(store.get(1)?.frames?.map(({ index }) => index)).toEqual(
      Array.from({ length: 40 }, (_, index) => index),
    );
  });

  test("keeps an agent's story while changes come without it", () => {
    const store = new LaneStore(10);
    for (const message of sampleTimeline(1_000_000))
      if (message.kind === "timeline") store.takeTimeline(message.sessions, message.agents);
    const known = store.agents.get("1001003");
    if (known === undefined) throw new Error();
    const { story, ...change } = { ...known, state: "TALKING" };
    expect(story.length).toBeGreaterThan(0);
    store.takeTimeline([], [change]);
    expect(store.agents.get("1001003")).toEqual({ ...known, state: "TALKING" });
    store.takeTimeline([], [{ ...change, story: [] }]);
    expect(store.agents.get("1001003")?.story).toEqual([]);
  });
});
