import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ListedRow, RowStore } from "../../../../web/model/row-store.ts";

const row = (number: number, seq = number): ListedRow => ({ id: `c-${number}`, number, seq });
const numbersOf = (store: RowStore<ListedRow>): number[] => store.all().map((one) => one.number);

type Step =
  | { readonly kind: "put"; readonly rows: readonly ListedRow[] }
  | { readonly kind: "page"; readonly size: number }
  | { readonly kind: "remove"; readonly numbers: readonly number[] };

const rowsOf = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 400 }))
    .map(([n, s]) => row(n, s)),
  { maxLength: 12 },
);
const steps: fc.Arbitrary<Step> = fc.oneof(
  rowsOf.map((rows): Step => ({ kind: "put", rows })),
  fc.integer({ min: 1, max: 10 }).map((size): Step => ({ kind: "page", size })),
  fc
    .array(fc.integer({ min: 1, max: 60 }), { maxLength: 5 })
    .map((numbers): Step => ({ kind: "remove", numbers })),
);

describe("the row store", () => {
  test("agrees with a plain map under any order of changes, pages and removals", () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 30 }), (script) => {
        const store = new RowStore<ListedRow>(10_000);
        const model = new Map<number, ListedRow>();
        let floor = 40;
        store.reset(floor);
        const putModel = (one: ListedRow): void => {
          const known = model.get(one.number);
          if (known === undefined ? one.number >= floor : one.seq >= known.seq) {
            model.set(one.number, one);
          }
        };
        for (const step of script) {
          if (step.kind === "put") {
            store.put(step.rows);
            for (const one of step.rows) putModel(one);
          } else if (step.kind === "page") {
            const low = Math.max(0, floor - step.size);
            const page = Array.from({ length: floor - low }, (_, index) => row(low + index, 1));
            floor = low;
            store.putPage(page, low);
            for (const one of page) putModel(one);
          } else {
            store.remove(step.numbers.map((number) => `c-${number}`));
            for (const number of step.numbers) model.delete(number);
          }
        }
        const expected = [...model.values()].sort((left, right) => left.number - right.number);
        expect(store.all()).toEqual(expected);
        expected.forEach((one, index) => {
          expect(store.indexOf(one.id)).toBe(index);
          expect(store.at(index)).toBe(store.get(one.id));
        });
        expect(store.length).toBe(expected.length);
      }),
    );
  });

  test("an older state of a row never replaces a newer one", () => {
    const store = new RowStore<ListedRow>(100);
    store.put([row(1, 9)]);
    store.put([row(1, 4)]);
    expect(store.get("c-1")?.seq).toBe(9);
  });

  test("rows below the floor wait for their page", () => {
    const store = new RowStore<ListedRow>(100);
    store.reset(50);
    store.put([row(7), row(51)]);
    expect(numbersOf(store)).toEqual([51]);
    store.putPage([row(7), row(8)], 0);
    expect(numbersOf(store)).toEqual([7, 8, 51]);
  });

  test("beyond the limit the oldest rows go, and do not come back by a late change", () => {
    const store = new RowStore<ListedRow>(100);
    for (let number = 1; number <= 400; number += 1) store.put([row(number)]);
    expect(store.length).toBeLessThanOrEqual(103);
    expect(numbersOf(store).at(-1)).toBe(400);
    const length = store.length;
    store.put([row(1, 999)]);
    expect(store.length).toBe(length);
    expect(store.indexOf(`c-400`)).toBe(length - 1);
    expect(store.full).toBe(true);
  });
});
