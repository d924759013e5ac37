import { expect, test } from "vitest";
import type { FaultMatch } from "../../../../src/domain/fault-rule.ts";
import { matchFields, matchText, withMatch } from "../../../../web/model/match-fields.ts";

const full: FaultMatch = {
  host: "fin1.*",
  port: 7443,
  method: "POST",
  path: "/http-bind*",
  agent: "1001003",
  sid: "s1",
  kind: "poll",
  event: "READY",
  state: "TALKING",
  afterRid: 12,
  nth: 2,
  everyNth: 3,
  probability: 0.5,
  window: { fromMs: 100, untilMs: 2000 },
};

test("what a form shows of a match becomes the same match again, and every part has a field", () => {
  let again: FaultMatch = {};
  for (const field of matchFields) again = withMatch(again, field, matchText(full, field));
  expect(again).toEqual(full);
});

test("emptied fields are not asked for any more", () => {
  let match = full;
  for (const field of matchFields) match = withMatch(match, field, "  ");
  expect(match).toEqual({});
});

test("a window may be open at its end", () => {
  const [from] = matchFields.filter(({ name }) => name === "fromMs");
  if (from === undefined) throw new Error();
  expect(withMatch({}, from, "500")).toEqual({ window: { fromMs: 500, untilMs: null } });
});
