/** Reading bytes as text and writing the same text gives the same bytes, whatever they are. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readBodyBytes } from "../../../src/redact/body-bytes.ts";
import { cpuTime } from "../../support/cpu-time.ts";

const big = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();
const page = '<?xml version="1.0" encoding="UTF-16"?><a>ä€</a>';

test("any bytes come back, with any type", () => {
  const type = fc.constantFrom(
    null,
    "text/xml; charset=utf-16",
    'text/plain; charset="utf-16be"',
    "x/y",
  );
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 20 }),
    fc
      .constantFrom("\ufeff", "<a>", "‹secret 1a2b3c4d›", "‹secret", "ä", "\0")
      .chain((text) =>
        fc
          .constantFrom("utf8", "latin1", "utf16le")
          .map((as) => Uint8Array.from(Buffer.from(text, as as "utf8"))),
      ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), type, (pieces, contentType) => {
      const bytes = Buffer.concat(pieces);
      const read = readBodyBytes(bytes, contentType);
      expect(Buffer.from(read.encode(read.text) ?? [])).toEqual(bytes);
    }),
    { numRuns: 500 },
  );
});

describe("the encoding is", () => {
  test.each([
    ["UTF-8", Buffer.from(page), null, "utf-8"],
    ["UTF-8, though it says otherwise", Buffer.from(page), "text/xml; charset=utf-16", "utf-8"],
    ["UTF-8, cut in a character", Buffer.from(page).subarray(0, -5), null, "utf-8"],
    ["UTF-16 with its mark", Buffer.from(`\ufeff${page}`, "utf16le"), null, "utf-16"],
    ["UTF-16 with its mark, big end first", big(`\ufeff${page}`), null, "utf-16"],
    ["UTF-16 by its zeros", Buffer.from(page, "utf16le"), "text/xml", "utf-16"],
    ["UTF-16 by its zeros, big end first", big(page), "text/xml", "utf-16"],
    ["UTF-16 by its type", big("Łódź ŁŁŁŁ"), "text/plain; charset=UTF-16", "utf-16"],
    ["latin1", Buffer.from("<a>ä</a>", "latin1"), "text/xml; charset=iso-8859-1", "bytes"],
    ["none, in a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 0xff]), null, "bytes"],
    ["none, with a zero", Buffer.from("CONNECTED\n\n\0"), null, "bytes"],
  ])("%s", (_, bytes, contentType, encoding) => {
    const read = readBodyBytes(bytes, contentType);
    expect(read.encoding).toBe(encoding);
    expect(read.isForeign).toBe(false);
    if (encoding === "utf-16") expect(read.text).toMatch(/<a>ä€<\/a>|ŁŁŁŁ/);
  });

  test("foreign where four bytes are a character", () => {
    const mark = Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]);
    expect(readBodyBytes(mark, null).isForeign).toBe(true);
    expect(readBodyBytes(mark.subarray(4), "text/xml; charset=UTF-32").isForeign).toBe(true);
  });
});

test("markers are UTF-8 among bytes, and are read as such", () => {
  const { encode } = readBodyBytes(Buffer.from("äx", "latin1"), null);
  const bytes = encode("ä ‹secret 1a2b3c4d› ‹unreadable›");
  expect(Buffer.from(bytes ?? [])).toEqual(
    Buffer.concat([Buffer.from("ä ", "latin1"), Buffer.from("‹secret 1a2b3c4d› ‹unreadable›")]),
  );
  expect(readBodyBytes(bytes ?? new Uint8Array(), null).text).toBe(
    "ä ‹secret 1a2b3c4d› ‹unreadable›",
  );
  expect(encode("€")).toBe(null);
});

test("ten megabytes take bounded time", () => {
  const bytes = new Uint8Array(10 * 1024 * 1024).fill(0xe2);
  const read = readBodyBytes(bytes, null);
  expect(cpuTime(() => readBodyBytes(bytes, null))).toBeLessThan(4000);
  expect(cpuTime(() => read.encode(read.text))).toBeLessThan(4000);
});
