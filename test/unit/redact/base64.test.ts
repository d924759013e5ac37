import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeBase64,
  encodeBase64,
  textFromLatin1,
  utf8AsLatin1,
} from "../../../src/redact/base64.ts";

const wellFormed = fc.string({ unit: "grapheme" });

test("encodes as Buffer does", () => {
  fc.assert(
    fc.property(wellFormed, (text) => {
      expect(encodeBase64(utf8AsLatin1(text))).toBe(Buffer.from(text).toString("base64"));
    }),
  );
});

test("decodes both alphabets, with and without padding", () => {
  fc.assert(
    fc.property(
      wellFormed.filter((text) => text !== ""),
      (text) => {
        const bytes = Buffer.from(text);
        expect(decodeBase64(bytes.toString("base64"))).toBe(text);
        expect(decodeBase64(bytes.toString("base64url"))).toBe(text);
      },
    ),
  );
});

test.each(["", "a", "abc!", "ab=c", "abcde", "ä"])("%j is no base64", (text) => {
  expect(decodeBase64(text)).toBeNull();
});

test("bytes that are not UTF-8 stay latin1", () => {
  expect(textFromLatin1("\u00e4")).toBe("ä");
  expect(textFromLatin1("\u00c3\u00a4")).toBe("ä");
  expect(textFromLatin1("€")).toBe("€");
});
