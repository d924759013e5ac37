import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rowWindow, scrollTopFor, slotCount } from "../../../../web/model/row-window.ts";

const viewports = fc.record({
  scrollTop: fc.oneof(
    fc.double({ min: -500, max: 5_000_000, noNaN: true }),
    fc.constant(Number.NaN),
  ),
  height: fc.integer({ min: 0, max: 3000 }),
  rowHeight: fc.constant(22),
  count: fc.integer({ min: 0, max: 200_000 }),
  overscan: fc.integer({ min: 0, max: 12 }),
});

describe("the row window", () => {
  test("covers every row that touches the viewport, and lies within the list", () => {
    fc.assert(
      fc.property(viewports, (viewport) => {
        const { first, end } = rowWindow(viewport);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThanOrEqual(viewport.count);
        expect(first).toBeLessThanOrEqual(end);
        const top = Number.isNaN(viewport.scrollTop) ? 0 : Math.max(0, viewport.scrollTop);
        for (const edge of [top + 0.5, top + viewport.height - 0.5]) {
          const index = Math.floor(edge / 22);
          if (edge >= top && index < viewport.count && viewport.height > 0) {
            expect(index).toBeGreaterThanOrEqual(first);
            expect(index).toBeLessThan(end);
          }
        }
      }),
    );
  });

  test("never holds more rows than there are slots, so that no slot is shared", () => {
    fc.assert(
      fc.property(viewports, (viewport) => {
        const { first, end } = rowWindow(viewport);
        expect(end - first).toBeLessThanOrEqual(
          slotCount(viewport.height, viewport.rowHeight, viewport.overscan),
        );
      }),
    );
  });

  test("scrolling to a row brings it wholly into view, and not at all when it is in view", () => {
    fc.assert(
      fc.property(viewports, fc.integer({ min: 0, max: 199_999 }), (viewport, index) => {
        fc.pre(viewport.height >= 22 && !Number.isNaN(viewport.scrollTop));
        const top = scrollTopFor(index, viewport);
        expect(index * 22).toBeGreaterThanOrEqual(top);
        expect(index * 22 + 22).toBeLessThanOrEqual(top + viewport.height);
        expect(scrollTopFor(index, { ...viewport, scrollTop: top })).toBe(top);
      }),
    );
  });
});
