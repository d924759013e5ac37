import { expect, test } from "vitest";
import { numberQuery } from "../../../../web/model/number-query.ts";

test("rows that follow each other are one range", () => {
  expect(numberQuery([])).toBe("");
  expect(numberQuery([7])).toBe("number:7");
  expect(numberQuery([5, 3, 4])).toBe("number:3..5");
  expect(numberQuery([9, 3, 4, 12, 11, 9])).toBe("number:(3..4|9|11..12)");
});
