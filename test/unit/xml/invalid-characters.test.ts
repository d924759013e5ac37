import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findInvalidXmlChars } from "../../../src/xml/invalid-characters.ts";
import { cpuTime } from "../../support/cpu-time.ts";

describe("findInvalidXmlChars", () => {
  test.each([
    ["a\u0000b", 1, 0],
    ["\u001f", 0, 0x1f],
    ["\ufffe", 0, 0xff_fe],
    ["x\ud800y", 1, 0xd8_00],
    ["&#x0;", 0, 0],
    ["&#x1F;", 0, 0x1f],
    ["&#X8;", 0, 8],
    ["&#0008;", 0, 8],
    ["&lt;b&gt;&amp;#x2;", 9, 2],
    ["&#xD800;", 0, 0xd8_00],
  ])("finds the one in %j", (text, at, code) => {
    expect(findInvalidXmlChars(text)).toEqual([{ at, code }]);
  });

  test.each([
    "",
    "tab\t, line\r\n",
    "😀 ä €",
    "&#x9;&#10;&#13;&#x1F600;",
    "&#x;",
    "&#",
    "&#8",
    "#x8;",
  ])("finds none in %j", (text) => {
    expect(findInvalidXmlChars(text)).toEqual([]);
  });

  test("stops after the first few, and takes hostile text in bounded time", () => {
    expect(findInvalidXmlChars("\u0001".repeat(1_000_000))).toHaveLength(5);
    const text = "&amp;#x0000000".repeat(700_000);
    expect(cpuTime(() => findInvalidXmlChars(text))).toBeLessThan(2000);
  });

  test("agrees with a look at every code point", () => {
    const text = fc.string({ unit: "binary" }).filter((all) => !all.includes("&"));
    fc.assert(
      fc.property(text, (source) => {
        const first = Array.from(source).find((char) => {
          const code = char.codePointAt(0) ?? 0;
          if (code < 0x20) return ![9, 10, 13].includes(code);
          return (code >= 0xd8_00 && code <= 0xdf_ff) || code === 0xff_fe || code === 0xff_ff;
        });
        expect(findInvalidXmlChars(source)[0]?.code).toBe(first?.codePointAt(0));
      }),
    );
  });
});
