/** Every number of a range is visited once and in order, however long slices take and wherever somebody stops. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { scanInSlices } from "../../../src/store/sliced-scan.ts";

const ranges = fc.record({
  from: fc.integer({ min: 0, max: 5000 }),
  length: fc.integer({ min: -3, max: 20_000 }),
  descending: fc.boolean(),
});

test("visited and rest are the range, without gap or overlap", async () => {
  await fc.assert(
    fc.asyncProperty(
      ranges,
      fc.array(fc.nat(100), { minLength: 1, maxLength: 8 }),
      fc.nat(12),
      async ({ from, length, descending }, durations, stopAfter) => {
        const range = { from, to: from + length - 1, descending };
        const visited: number[] = [];
        let now = 0;
        let slices = 0;
        const rest = await scanInSlices(
          range,
          (slice) => {
            expect(slice.from).toBeLessThanOrEqual(slice.to);
            for (let at = slice.from; at <= slice.to; at += 1) {
              visited.push(descending ? slice.to - (at - slice.from) : at);
            }
            now += durations[slices % durations.length] ?? 0;
            slices += 1;
            return slices !== stopAfter;
          },
          () => true,
          () => now,
        );
        const unread: number[] = [];
        if (rest !== null) for (let at = rest.from; at <= rest.to; at += 1) unread.push(at);
        const ordered = descending ? unread.toReversed() : unread;
        const whole = Array.from({ length: Math.max(0, length) }, (_, at) =>
          descending ? range.to - at : from + at,
        );
        expect([...visited, ...ordered]).toEqual(whole);
      },
    ),
    { numRuns: 60 },
  );
});

test("slow slices become small, fast ones large", async () => {
  const sizes: number[] = [];
  let now = 0;
  await scanInSlices(
    { from: 1, to: 60_000, descending: false },
    ({ from, to }) => {
      sizes.push(to - from + 1);
      now += sizes.length < 3 ? 500 : 1;
      return true;
    },
    () => sizes.length < 9,
    () => now,
  );
  expect(sizes).toEqual([2048, 512, 128, 256, 512, 1024, 2048, 4096, 8192]);
});
