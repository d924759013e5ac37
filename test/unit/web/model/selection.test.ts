import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  extendTo,
  moveBy,
  noSelection,
  type RowOrder,
  selectAll,
  selectOnly,
  toggleRow,
  withoutRows,
} from "../../../../web/model/selection.ts";

const orderOf = (ids: readonly string[]): RowOrder => ({
  length: ids.length,
  idAt: (index) => ids[index],
  indexOf: (id) => ids.indexOf(id),
});
const order = orderOf(["a", "b", "c", "d", "e"]);
const shown = (selection: { ids: ReadonlySet<string> }): string =>
  [...selection.ids].sort().join("");

describe("the selection", () => {
  test("a range runs from the anchor, both ways", () => {
    const down = extendTo(selectOnly("b"), "d", order);
    expect(shown(down)).toBe("bcd");
    expect(shown(extendTo(down, "a", order))).toBe("ab");
  });

  test("toggling adds and takes away", () => {
    const two = toggleRow(selectOnly("a"), "c");
    expect(shown(two)).toBe("ac");
    expect(shown(toggleRow(two, "a"))).toBe("c");
  });

  test("moving stops at the ends, and begins at the near one when nothing is active", () => {
    expect(moveBy(selectOnly("d"), 20, false, order).active).toBe("e");
    expect(moveBy(selectOnly("b"), Number.NEGATIVE_INFINITY, false, order).active).toBe("a");
    expect(moveBy(noSelection, 1, false, order).active).toBe("a");
    expect(moveBy(noSelection, -1, false, order).active).toBe("e");
    expect(moveBy(noSelection, 1, false, orderOf([]))).toBe(noSelection);
    expect(shown(moveBy(selectOnly("b"), 2, true, order))).toBe("bcd");
  });

  test("whatever is done, the active row is in the list and a moved selection has one row", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 })), (steps) => {
        let selection = selectOnly("c");
        for (const step of steps) selection = moveBy(selection, step, false, order);
        expect(order.indexOf(selection.active ?? "")).toBeGreaterThanOrEqual(0);
        expect([...selection.ids]).toEqual([selection.active]);
      }),
    );
  });

  test("when the active row leaves, the one in its place is taken", () => {
    const left = orderOf(["a", "d", "e"]);
    expect(withoutRows(selectOnly("b"), new Set(["b", "c"]), 1, left).active).toBe("d");
    expect(withoutRows(selectOnly("a"), new Set(["b", "c"]), 0, left).active).toBe("a");
    expect(withoutRows(selectOnly("b"), new Set(["b"]), 0, orderOf([]))).toBe(noSelection);
  });

  test("all means all, and keeps the active row", () => {
    const all = selectAll(selectOnly("c"), order);
    expect(shown(all)).toBe("abcde");
    expect(all.active).toBe("c");
  });
});
