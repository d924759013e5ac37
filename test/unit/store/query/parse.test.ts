/** The filter language as text: total, and printed text reads as the same tree. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BoshscopeError } from "../../../../src/base/errors.ts";
import { compileQuery } from "../../../../src/store/query/compile.ts";
import { parseQuery, readQuery } from "../../../../src/store/query/parse.ts";
import { printQuery } from "../../../../src/store/query/print.ts";
import type { Query } from "../../../../src/store/query/query.ts";

const word = (text: string): Query => ({ kind: "word", text });
const term = (key: string, operator: ":" | "=" | ">" | "!=", value: string): Query => ({
  kind: "term",
  key,
  operator,
  value,
});

test.each<[string, Query]>([
  ["", { kind: "all" }],
  ["  \t ", { kind: "all" }],
  ["http-bind", word("http-bind")],
  ["a b", { kind: "and", of: [word("a"), word("b")] }],
  ["a and b", { kind: "and", of: [word("a"), word("b")] }],
  ["a b | c", { kind: "or", of: [{ kind: "and", of: [word("a"), word("b")] }, word("c")] }],
  ["a OR b", { kind: "or", of: [word("a"), word("b")] }],
  ["a (b or c)", { kind: "and", of: [word("a"), { kind: "or", of: [word("b"), word("c")] }] }],
  ["-a", { kind: "not", of: word("a") }],
  ["not a", { kind: "not", of: word("a") }],
  ["-(a b)", { kind: "not", of: { kind: "and", of: [word("a"), word("b")] } }],
  ["--a", { kind: "not", of: { kind: "not", of: word("a") } }],
  ["((a))", word("a")],
  ["a-b", word("a-b")],
  ["-", word("-")],
  ['"or"', word("or")],
  ['"a \\"b\\" \\\\"', word('a "b" \\')],
  ["host:fin1", term("host", ":", "fin1")],
  ["HOST:Fin1", term("host", ":", "Fin1")],
  ['host:"a b"', term("host", ":", "a b")],
  ["agent=", term("agent", "=", "")],
  ["result:-", term("result", ":", "-")],
  ["hold>30s", term("hold", ">", "30s")],
  ["status:>=500", term("status", ":", ">=500")],
  [
    "is:(pending|failed)",
    { kind: "or", of: [term("is", ":", "pending"), term("is", ":", "failed")] },
  ],
  [
    "status!=(4xx 5xx)",
    { kind: "and", of: [term("status", "!=", "4xx"), term("status", "!=", "5xx")] },
  ],
  ["https://fin1:7443/a", word("https://fin1:7443/a")],
  ["fin1:7443", word("fin1:7443")],
])("%j", (text, tree) => {
  expect(readQuery(text)).toEqual(tree);
});

test.each<[string, number, RegExp]>([
  ["a (b", 2, /\( is never closed/],
  ["a )", 2, /\) closes nothing/],
  ["()", 1, /missing here/],
  ["a or", 4, /missing here/],
  ["or a", 0, /missing here/],
  ["a and", 5, /missing here/],
  ["not", 3, /missing here/],
  ['x "abc', 2, /" is never closed/],
  ['host:"abc', 5, /" is never closed/],
  ['""', 0, /nothing between/],
  ["a hots:b", 2, /no key "hots"; did you mean host\?/],
  ["constructor:b", 0, /no key "constructor"/],
  ["host:", 5, /needs a value/],
  ["host>a", 5, /not compared with >/],
  ["body=a", 5, /not compared with =/],
  ["is:pendign", 3, /did you mean is:pending\?/],
  ["is:toString", 3, /no is:toString/],
  ["status:abc", 7, /not a status such as/],
  ["status>-", 7, /not a status/],
  ["port:-", 5, /not a number/],
  ["port:..", 5, /not a number/],
  ["hold>30q", 5, /not a time such as/],
  ["size>1s", 5, /not a size/],
  ["at>yesterday", 3, /not a UTC time/],
  ["at:2026-13-01", 3, /not a UTC time/],
  ["status:(404 foo)", 12, /not a status/],
  ["status:()", 7, /empty/],
  ["status:(404", 7, /never closed/],
])("%j is refused at %i", (text, position, why) => {
  expect(readQuery(text)).toEqual({ position, why: expect.stringMatching(why) });
  expect(() => parseQuery(text)).toThrow(
    expect.objectContaining({
      code: "query-invalid",
      message: expect.stringContaining(`position ${position + 1}`),
    }),
  );
});

describe("for any text", () => {
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(
        "(",
        ")",
        "|",
        "-",
        "or",
        "not",
        "and",
        '"',
        "\\",
        " ",
        ":",
        "host:",
        "is:",
        "hold>",
        "4xx",
        "..",
        "body~",
        "at:2026-01-01",
      ),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
    { maxLength: 30 },
  );

  test("reading gives a tree that compiles, or a problem inside the text, and never throws", () => {
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join("");
        const read = readQuery(text);
        if ("why" in read) {
          expect(read.position).toBeGreaterThanOrEqual(0);
          expect(read.position).toBeLessThanOrEqual(text.length);
          expect(() => parseQuery(text)).toThrow(BoshscopeError);
        } else {
          const { sql, parameters } = compileQuery(read, 0);
          expect(sql.split("?").length - 1).toBe(parameters.length);
          expect(readQuery(printQuery(read))).toEqual(read);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("length, depth and number of terms are bounded", () => {
    expect(readQuery("x".repeat(5000))).toMatchObject({ why: expect.stringContaining("longer") });
    expect(readQuery("(".repeat(3000))).toMatchObject({ why: expect.stringContaining("deep") });
    expect(readQuery("-".repeat(3000))).toMatchObject({ why: expect.stringContaining("deep") });
    expect(readQuery("a ".repeat(300))).toMatchObject({
      why: expect.stringContaining("200 terms"),
    });
    expect(readQuery(`${"(".repeat(50)}a${")".repeat(50)}`)).toEqual(word("a"));
  });
});

const leaf: fc.Arbitrary<Query> = fc.oneof(
  fc.record({
    kind: fc.constant("word" as const),
    text: fc.string({ unit: "binary", minLength: 1 }),
  }),
  fc.record({
    kind: fc.constant("term" as const),
    key: fc.constantFrom("host", "comment", "event", "url", "cause"),
    operator: fc.constantFrom(":", "~", "=", "!="),
    value: fc.string({ unit: "binary", minLength: 1 }),
  }),
  fc.record({
    kind: fc.constant("term" as const),
    key: fc.constant("status"),
    operator: fc.constantFrom(":", "!="),
    value: fc.constantFrom("404", "4xx", ">=500", "400..499"),
  }),
  fc.record({
    kind: fc.constant("term" as const),
    key: fc.constant("hold"),
    operator: fc.constantFrom(">", "<", ">=", "<="),
    value: fc.constantFrom("30s", "1.5m", "250"),
  }),
);

const { tree } = fc.letrec<{ tree: Query; group: Query }>((tie) => ({
  tree: fc.oneof({ depthSize: "small", withCrossShrink: true }, leaf, tie("group")),
  group: fc.oneof(
    fc.record({ kind: fc.constant("not" as const), of: tie("tree") }),
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const),
      of: fc.array(tie("tree"), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));

test("what is printed reads as the same tree", () => {
  fc.assert(
    fc.property(tree, (query) => {
      expect(readQuery(printQuery(query))).toEqual(query);
    }),
    { numRuns: 2000 },
  );
});
