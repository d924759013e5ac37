/** What is written can be read back. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { escapeAttribute, escapeXml, writeXml } from "../../../src/simulator/write-xml.ts";
import { readXml } from "../../../src/xml/read-xml.ts";
import { attributeOf, textOf } from "../../../src/xml/tree.ts";

const plain = fc.string({ unit: "grapheme-ascii" });

test("any text survives as content and as attribute", () => {
  fc.assert(
    fc.property(plain, (text) => {
      const document = readXml(`<a b='${escapeAttribute(text)}'>${escapeXml(text)}</a>`);
      if (document.kind !== "document") throw new Error(document.reason);
      expect(textOf(document.root)).toBe(text);
      expect(attributeOf(document.root, "b")).toBe(text);
    }),
  );
});

test("nesting is two spaces, empty elements have long ends", () => {
  const xml = writeXml([
    "a",
    [
      ["b", ""],
      ["c", [["d", "1 < 2"]]],
    ],
  ]);
  expect(xml).toBe("<a>\n  <b></b>\n  <c>\n    <d>1 &lt; 2</d>\n  </c>\n</a>");
});
