import * as fc from "fast-check";
import { expect, test } from "vitest";
import { viewsOf } from "../../../src/redact/unescape.ts";

test.each([
  ["a%41b", "aAb"],
  ["%2541", "A"],
  ["&amp;lt;", "<"],
  ["&#65;&#x42;", "AB"],
  ['\\u0041\\/\\"', 'A/"'],
  ["%26lt%3B", "<"],
])("%j reads as %j in the end", (text, last) => {
  expect(viewsOf(text).at(-1)?.text).toBe(last);
});

test.each(["plain", "100%", "a & b", "C:\\dir", "&nbsp;", "%zz"])("%j has one view", (text) => {
  expect(viewsOf(text)).toHaveLength(1);
});

test("each character knows where it came from", () => {
  const [, view] = viewsOf("x%41&lt;y");
  expect(view?.text).toBe("xA<y");
  expect(Array.from(view?.origin ?? [])).toEqual([0, 1, 4, 8, 9]);
});

test("origins rise and end at the end, whatever the text", () => {
  const piece = fc.constantFrom(
    "%25",
    "%41",
    "&amp;",
    "&#65;",
    "\\u0041",
    "\\\\",
    "x",
    "&",
    "%",
    ";",
  );
  fc.assert(
    fc.property(
      fc.array(piece).map((all) => all.join("")),
      (text) => {
        for (const view of viewsOf(text)) {
          const origin = Array.from(view.origin ?? []);
          if (view.origin === null) continue;
          expect(origin).toHaveLength(view.text.length + 1);
          expect(origin.at(-1)).toBe(text.length);
          expect(origin).toEqual(origin.toSorted((a, b) => a - b));
        }
      },
    ),
  );
});
