import fc from "fast-check";
import { expect, test } from "vitest";
import {
  following,
  pixelOf,
  spanOf,
  ticksOf,
  timeOf,
  zoomed,
} from "../../../../web/model/lane-scale.ts";

const anyView = fc
  .tuple(fc.integer({ min: 0, max: 2e12 }), fc.integer({ min: 10_000, max: 604_800_000 }))
  .map(([from, span]) => ({ from, to: from + span }));

test("a pixel and its moment find each other", () => {
  fc.assert(
    fc.property(anyView, fc.integer({ min: 0, max: 1000 }), (view, pixel) => {
      expect(pixelOf(timeOf(pixel, view, 1000), view, 1000)).toBeCloseTo(pixel, 2);
    }),
  );
});

test("zooming keeps the moment under the mouse where it is, within bounds", () => {
  fc.assert(
    fc.property(
      anyView,
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (view, factor, part) => {
        const around = view.from + spanOf(view) * part;
        const next = zoomed(view, factor, around);
        expect(spanOf(next)).toBeGreaterThanOrEqual(9999);
        expect(spanOf(next)).toBeLessThanOrEqual(604_800_001);
        expect((around - next.from) / spanOf(next)).toBeCloseTo(part, 3);
      },
    ),
  );
});

test("following now leaves room for what grows", () => {
  const view = following({ from: 0, to: 60_000 }, 1_000_000);
  expect(spanOf(view)).toBe(60_000);
  expect(view.to).toBeGreaterThan(1_000_000);
});

test("the axis has round moments of the local zone, not too close", () => {
  const view = { from: 1_000_000, to: 1_300_000 };
  const ticks = ticksOf(view, 900, -330);
  expect(ticks.length).toBeGreaterThan(3);
  for (const [index, at] of ticks.entries()) {
    expect((at + 330 * 60_000) % 30_000).toBe(0);
    if (index > 0) {
      expect(pixelOf(at - (ticks[index - 1] ?? 0) + view.from, view, 900)).toBeGreaterThanOrEqual(
        89,
      );
    }
  }
});
