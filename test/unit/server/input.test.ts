/** What requests are checked against, at its edges. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import * as input from "../../../src/server/input.ts";

const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

describe("whole numbers in URLs", () => {
  test.each(["0", "1", "007", "9007199254740991"])("%s is one", (since) => {
    expect(input.exchangesQuery.parse({ since }).since).toBe(Number(since));
  });
  test.each(["", " 1", "1 ", "+1", "-1", "1.0", "1e3", "0x1", "NaN", "٣", "9007199254740992"])(
    "%j is none",
    (since) => {
      expect(accepts(input.exchangesQuery, { since })).toBe(false);
    },
  );
});

test("no text, whatever it is, gets through as anything but a safe whole number", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.double().map(String), fc.bigInt().map(String)),
      (since) => {
        const result = input.exchangesQuery.safeParse({ since });
        if (!result.success) return;
        expect(Number.isSafeInteger(result.data.since)).toBe(true);
        expect(result.data.since).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});

test("limits are refused, not cut", () => {
  expect(input.exchangesQuery.parse({}).limit).toBe(500);
  expect(input.exchangesQuery.parse({ limit: "5000" }).limit).toBe(5000);
  expect(accepts(input.exchangesQuery, { limit: "5001" })).toBe(false);
  expect(accepts(input.exchangesQuery, { limit: "0" })).toBe(false);
});

test("ids are a list of at least one and at most 5000", () => {
  expect(input.deleteQuery.parse({ ids: "a-1,b-2" }).ids).toEqual(["a-1", "b-2"]);
  expect(input.deleteQuery.parse({}).ids).toBeUndefined();
  for (const ids of ["", ",", "a,", "a,,b", "a b", "../a", "a".repeat(101)]) {
    expect(accepts(input.deleteQuery, { ids }), ids).toBe(false);
  }
  expect(accepts(input.deleteQuery, { ids: Array(5001).fill("a").join(",") })).toBe(false);
});

test("the feed's requests are exactly the one that exists", () => {
  expect(accepts(input.feedRequest, { kind: "filter", q: "", since: 0 })).toBe(true);
  for (const value of [
    null,
    [],
    "filter",
    { kind: "filter", q: "", since: 0.5 },
    { kind: "filter", q: "", since: 0, x: 1 },
  ]) {
    expect(accepts(input.feedRequest, value)).toBe(false);
  }
});
