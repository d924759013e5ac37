import * as fc from "fast-check";
import { expect, test } from "vitest";
import { retryDelay } from "../../../../web/feed/backoff.ts";

test("waits double from 250 ms and stay at 10 s", () => {
  expect([0, 1, 2, 3, 9, 4000].map((attempt) => retryDelay(attempt, 0))).toEqual([
    250, 500, 1000, 2000, 10_000, 10_000,
  ]);
});

test("chance takes off a quarter at most", () => {
  fc.assert(
    fc.property(fc.nat(50), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const full = retryDelay(attempt, 0);
      const delay = retryDelay(attempt, random);
      expect(delay).toBeLessThanOrEqual(full);
      expect(delay).toBeGreaterThanOrEqual(full * 0.75);
    }),
  );
});
