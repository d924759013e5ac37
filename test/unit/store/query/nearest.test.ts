/** The word somebody probably meant. */
import { expect, test } from "vitest";
import { fields } from "../../../../src/store/query/fields.ts";
import { nearest } from "../../../../src/store/query/nearest.ts";

test.each([
  ["hots", "host"],
  ["Hsot", "host"],
  ["statuss", "status"],
  ["comments", "comment"],
  ["connection", null],
  ["xyzzyx", null],
])("%s -> %s", (typed, meant) => {
  expect(nearest(typed, Object.keys(fields))).toBe(meant);
});
