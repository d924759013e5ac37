import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pixelOf } from "../../../../web/model/lane-scale.ts";
import {
  gapsOf,
  levelOf,
  levels,
  segmentAt,
  segmentsOf,
} from "../../../../web/model/lane-segments.ts";
import { LaneStore, sessionLane } from "../../../../web/model/lane-store.ts";
import { anyMarks, markOf } from "./lane-marks.ts";

const limits = { amber: 32_000, red: 35_000 };
const width = 500;
const now = 150_000;

function lane(marks: Parameters<LaneStore["put"]>[0]) {
  const store = new LaneStore(1000);
  store.put(marks.map((mark) => ({ ...mark, sid: "s1" })));
  return store.marksOf(sessionLane("fin1", 7443, "s1"));
}

describe("bars", () => {
  test("every mark in view is counted once, and lies under the bar that counts it", () => {
    fc.assert(
      fc.property(
        anyMarks,
        fc.integer({ min: 0, max: 90_000 }),
        fc.integer({ min: 1000, max: 100_000 }),
        (some, from, span) => {
          const marks = lane(some);
          const view = { from, to: from + span };
          const segments = segmentsOf(marks, view, width, { now, limits });
          const seen = marks.filter((mark) => mark.at <= view.to && (mark.end ?? now) >= view.from);
          expect(segments.reduce((sum, { count }) => sum + count, 0)).toBe(seen.length);
          for (const mark of seen) {
            const left = Math.max(0, pixelOf(mark.at, view, width));
            const cover = segments.filter((one) => one.left <= left && one.right >= left);
            const worst = Math.max(...cover.map(({ level }) => levels.indexOf(level)));
            expect(worst).toBeGreaterThanOrEqual(levels.indexOf(levelOf(mark, now, limits)));
            expect(segmentAt(segments, left, 0)).not.toBeNull();
          }
        },
      ),
    );
  });

  test("a failed poll shows also when a thousand idle ones share its pixel", () => {
    const marks = lane(
      Array.from({ length: 1000 }, (_, index) =>
        markOf({
          number: index + 1,
          at: index,
          end: index + 1,
          notes: ["empty"],
          ...(index === 500 ? { state: "failed" as const } : {}),
        }),
      ),
    );
    const [only, ...others] = segmentsOf(marks, { from: 0, to: 10_000_000 }, width, {
      now,
      limits,
    });
    expect(others).toEqual([]);
    expect(only).toMatchObject({ level: "red", count: 1000, mark: { number: 501 } });
  });

  test("a held poll grows to now, and turns amber and red by the granted wait", () => {
    const poll = markOf({ number: 1, at: 0, end: null, state: "pending", status: null });
    expect(levelOf(poll, 31_999, limits)).toBe("held");
    expect(levelOf(poll, 32_000, limits)).toBe("amber");
    expect(levelOf(poll, 35_000, limits)).toBe("red");
    const [bar] = segmentsOf([poll], { from: 0, to: 50_000 }, width, { now: 25_000, limits });
    expect(bar?.right).toBe(250);
  });

  test("a pause between polls is shaded by its length, at the demo's pace too", () => {
    const pause = (gapMs: number) => [markOf({ number: 1, at: 80_000, gapMs })];
    const level = (gapMs: number, pace = 1) =>
      gapsOf(pause(gapMs), { from: 0, to: 100_000 }, width, pace)[0]?.level;
    expect(level(100)).toBeUndefined();
    expect([level(4000), level(5000), level(60_000)]).toEqual(["calm", "amber", "red"]);
    expect(level(6000, 10)).toBe("red");
  });
});
