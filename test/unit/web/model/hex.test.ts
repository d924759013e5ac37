import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bytesOfHex,
  bytesPerLine,
  hexPage,
  hexPages,
  linesPerPage,
} from "../../../../web/model/hex.ts";

describe("the hex dump", () => {
  test("shows offset, bytes and printable text", () => {
    const bytes = new TextEncoder().encode("<body>\r\n\u00e9</body>");
    expect(hexPage(bytes, 0)).toEqual([
      {
        offset: "00000000",
        hex: "3c 62 6f 64 79 3e 0d 0a  c3 a9 3c 2f 62 6f 64 79",
        text: "<body>....</body",
      },
      { offset: "00000010", hex: "3e", text: ">" },
    ]);
  });

  test("all pages together are the bytes again", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3 * bytesPerLine * linesPerPage }), (bytes) => {
        const pages = Array.from({ length: hexPages(bytes.length) }, (_, page) =>
          hexPage(bytes, page),
        );
        const digits = pages
          .flat()
          .map((line) => line.hex)
          .join("");
        expect(bytesOfHex(digits)).toEqual(bytes);
        expect(hexPage(bytes, pages.length)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  test("digits of a frame are read up to the first that is none", () => {
    expect([...bytesOfHex("00ffzz11")]).toEqual([0, 255]);
    expect([...bytesOfHex("abc")]).toEqual([0xab]);
  });
});
