/** What a route refuses before it runs, and how its objections read. */
import { expect, test } from "vitest";
import { z } from "zod";
import { BoshscopeError } from "../../../src/base/errors.ts";
import { checked, json, jsonText, noContent, route } from "../../../src/server/route.ts";

function refusal(schema: z.ZodType, input: unknown): string {
  try {
    checked(schema, input, "query");
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(BoshscopeError);
    return (thrown as BoshscopeError).message;
  }
  return "";
}

test("all objections stand in one sentence, each with its field", () => {
  const schema = z.strictObject({ limit: z.number(), name: z.string().max(2, "is too long") });
  const message = refusal(schema, { limit: "x", name: "abc", other: 1 });
  expect(message).toContain("limit: ");
  expect(message).toContain("name: is too long");
  expect(message).toContain('"other"');
  expect(refusal(schema, { limit: 1, name: "ab" })).toBe("");
});

test("an objection never grows with the input", () => {
  const many = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`field${at}`, 1]));
  expect(refusal(z.strictObject({}), many).length).toBeLessThan(600);
});

test("what comes back is the checked value", () => {
  expect(checked(z.strictObject({ a: z.string().transform(Number) }), { a: "5" }, "body")).toEqual({
    a: 5,
  });
});

test("answers are values", () => {
  expect(json({ a: 1 })).toEqual(jsonText('{"a":1}'));
  expect(noContent).toEqual({ status: 204, headers: {}, body: null });
});

test("only a route with a body reads one", () => {
  const answer = () => noContent;
  const without = route("post", "/a", { summary: "", answers: {}, answer });
  const withBody = route("post", "/a", {
    summary: "",
    answers: {},
    body: z.strictObject({}),
    answer,
  });
  expect([without.handlers.length, withBody.handlers.length]).toEqual([1, 2]);
});
