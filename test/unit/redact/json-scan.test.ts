import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonString } from "../../../src/redact/json-scan.ts";
import { scanJson } from "../../../src/redact/json-scan.ts";

function scan(text: string) {
  const found: JsonString[] = [];
  return { result: scanJson(text, (value) => found.push(value)), found };
}

test("visits every string of every document, in order, with its place", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(4), (compact, indent) => {
      const value: unknown = JSON.parse(compact);
      const text = JSON.stringify([value], null, indent);
      const expected: string[] = [];
      JSON.stringify([value], (key: string, inner: unknown) => {
        if (typeof inner === "string") expected.push(inner);
        return inner;
      });
      const { result, found } = scan(text);
      expect(result).toEqual({ cutAt: null });
      expect(found.filter((one) => one.role === "string").map((one) => one.text)).toEqual(expected);
      for (const one of found) {
        if (one.role !== "number")
          expect(JSON.parse(text.slice(one.start - 1, one.end + 1))).toBe(one.text);
      }
    }),
  );
});

test("tells the key and the key above", () => {
  const { found } = scan('{"a":[{"b":"x"},"y"],"c":1}');
  expect(
    found.filter((one) => one.role !== "key").map((one) => [one.key, one.parent, one.text]),
  ).toEqual([
    ["b", "a", "x"],
    ["a", "", "y"],
    ["c", "", "1"],
  ]);
});

test.each([
  "",
  "x",
  '{"a"}',
  "{a:1}",
  "[1,]",
  '{"a":1,}',
  "[1}",
  "nul",
  '"open',
  "{}x",
  "[".repeat(300),
])("%j is no JSON", (text) => {
  expect(scan(text).result).toBeNull();
});

test.each([
  ['{"a":"b', 5],
  ['{"a":', 5],
  ['{"a"', 4],
  ["[1,2", 4],
  ["[tru", 1],
])("%j was cut", (text, cutAt) => {
  expect(scan(text).result).toEqual({ cutAt });
});

test.each([")]}',\n{}", "throw 1; < don't be evil' >{}", "while(1);[]", "for(;;);[]", "{}\n{}"])(
  "%j is read in spite of its armour",
  (text) => {
    expect(scan(text).result).toEqual({ cutAt: null });
  },
);
