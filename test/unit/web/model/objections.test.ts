import { expect, test } from "vitest";
import { about, objectionsOf } from "../../../../web/model/objections.ts";

test("each objection finds its field", () => {
  const all = objectionsOf(
    "Not accepted in the body: match.port: expected number; actions.0.ms: too small: 1 at least; name is missing.",
  );
  expect(all).toEqual([
    { path: "match.port", text: "expected number" },
    { path: "actions.0.ms", text: "too small: 1 at least" },
    { path: "name", text: "is missing" },
  ]);
  expect(about(all, "match.port")).toBe("expected number");
  expect(about(all, "actions.0")).toBe("too small: 1 at least");
  expect(about(all, "actions.1")).toBe("");
});

test("the rule reader's own words find their fields too", () => {
  expect(
    objectionsOf(
      'actions[0].ms is "soon": it must be a whole number of ms; match.window is 3: it must be an object.',
    ),
  ).toEqual([
    { path: "actions.0.ms", text: 'is "soon": it must be a whole number of ms' },
    { path: "match.window", text: "is 3: it must be an object" },
  ]);
});

test("a message of another shape is about the whole", () => {
  expect(objectionsOf("Host: nobody is there")).toEqual([
    { path: "", text: "Host: nobody is there" },
  ]);
});
