import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRule } from "../../../src/faults/read-rule.ts";
import { anyRule } from "./any-rule.ts";
import { delayPoll } from "./some-rule.ts";

const problemsOf = (value: unknown): readonly string[] => {
  const read = readRule(value, "r1");
  return read.kind === "refused" ? read.problems : [];
};
const drop = { kind: "drop", leg: "request", how: "reset" };

describe("readRule", () => {
  test("a rule as saved comes back as it is", () => {
    expect(readRule(JSON.parse(JSON.stringify(delayPoll)), "x")).toEqual({
      kind: "rule",
      rule: delayPoll,
    });
  });

  test("every rule that can be made comes back as it is", () => {
    fc.assert(
      fc.property(anyRule, (rule) => {
        expect(readRule(JSON.parse(JSON.stringify(rule)), "x")).toEqual({ kind: "rule", rule });
      }),
    );
  });

  test("what may be left out", () => {
    expect(readRule({ actions: [drop] }, "r9")).toEqual({
      kind: "rule",
      rule: {
        id: "r9",
        name: "",
        match: {},
        actions: [drop],
        times: null,
        expiresAfterMs: null,
        alsoWaiting: false,
      },
    });
  });

  test("never throws, whatever it gets", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(["rule", "refused"]).toContain(readRule(value, "r1").kind);
      }),
    );
  });

  test.each([
    [null, "rule: is null, must be an object"],
    [{}, "actions: is missing, must be a list of 1 to 20"],
    [{ actions: [] }, "actions: is [], must be a list of 1 to 20"],
    [
      { actions: [{ kind: "delay", leg: "request", ms: "soon" }] },
      'actions.0.ms: is "soon", must be a whole number of ms from 0 to 86400000',
    ],
    [
      { actions: [{ kind: "drop", leg: "request", how: "rst" }] },
      'actions.0.how: is "rst", must be one of "fin", "reset", "silence"',
    ],
    [{ actions: [drop], math: {} }, "math: is not known here, known are"],
    [{ actions: [drop], match: { port: 0 } }, "match.port: is 0, must be a whole number from 1"],
    [{ actions: [drop], match: { nth: 2, everyNth: 3 } }, "match.everyNth: excludes match.nth"],
    [
      { actions: [drop], match: { window: { fromMs: 5, untilMs: 5 } } },
      "match.window.untilMs: is 5, must be later than fromMs, which is 5",
    ],
    [
      { actions: [{ kind: "refuse-connect", how: "reset" }], match: { agent: "1001003" } },
      "match.agent: is not known yet when a connection begins",
    ],
    [
      { actions: [{ kind: "refuse-connect", how: "reset" }], match: { kind: "poll" } },
      'actions.0: refuse-connect acts before any request, so match.kind must be "connect"',
    ],
    [
      { actions: [{ kind: "forget", ms: 25_000, counts: "idle", how: "fin" }] },
      'actions.0.how: is "fin", must be one of "reset", "silence"',
    ],
    [
      { actions: [{ kind: "forget", ms: 25_000, counts: "idle", how: "reset" }, drop] },
      "actions.1: drop has no message to act on beside forget: give it a rule of its own",
    ],
    [
      {
        actions: [{ kind: "forget", ms: 25_000, counts: "open", how: "reset" }],
        match: { kind: "connect" },
      },
      "actions.0: forget is about a connection that is there already",
    ],
    [
      { actions: [drop], match: { kind: "connect" } },
      "actions.0: drop needs a request, an answer or a frame",
    ],
    [
      { actions: [drop], match: { kind: "notification" } },
      'actions.0: drop is about the request, which has gone on when its answer is known, so give it leg "response"',
    ],
    [
      {
        actions: [{ kind: "alter", leg: "request", setHeaders: [["X-A", "1\r\nX-B: 2"]] }],
      },
      "must be a value in one line",
    ],
    [
      { actions: [{ kind: "alter", leg: "request" }] },
      "actions.0: changes nothing: give setHeaders, removeHeaders, replace or setPaths",
    ],
    [
      { actions: [{ kind: "answer", template: { kind: "terminate", condition: 'a"b' } }] },
      "actions.0.template.condition: is",
    ],
  ])("%j is refused in words", (value, words) => {
    const problems = problemsOf(value);
    expect(problems.some((problem) => problem.includes(words))).toBe(true);
  });

  test("all problems at once", () => {
    expect(problemsOf({ id: "a b", actions: [{ kind: "cut", leg: "up" }] }).length).toBe(4);
  });
});
