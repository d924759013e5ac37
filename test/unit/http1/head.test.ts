import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  headerValue,
  headerValues,
  latin1,
  parseRequestHead,
  parseResponseHead,
  parseTrailers,
} from "../../../src/http1/head.ts";
import { latin1Bytes } from "./record-conversation.ts";

const request = (text: string) => parseRequestHead(latin1Bytes(text));
const response = (text: string) => parseResponseHead(latin1Bytes(text));
const pairs = (headers: readonly { name: string; value: string }[] | undefined) =>
  headers?.map(({ name, value }) => [name, value]);

describe("latin1", () => {
  test("is one character a byte, for all bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(latin1(bytes)).toBe(Buffer.from(bytes).toString("latin1"));
      }),
    );
  });

  test.each([
    ["windows-1252's own", "\x80\x9f"],
    ["UTF-8", "\xc3\xa9"],
    ["a byte order mark", "\xef\xbb\xbfabc"],
    ["U+FFFD in UTF-8", "\xef\xbf\xbd"],
    ["invalid UTF-8 of one byte", "\xff"],
    ["more than a slice", "\xe9".repeat(10_000)],
  ])("is not misled by %s", (_name, text) => {
    expect(latin1(latin1Bytes(text))).toBe(text);
  });
});

describe("parseRequestHead", () => {
  test("keeps case, order and duplicates", () => {
    const head = request(
      "POST /http-bind/?a=b HTTP/1.1\r\nhOsT: fin1\r\nX-A:1\r\nx-a:  2 \t\r\nEmpty:\r\n\r\n",
    );
    expect(head?.method).toBe("POST");
    expect(head?.target).toBe("/http-bind/?a=b");
    expect(head?.version).toBe("HTTP/1.1");
    expect(pairs(head?.headers)).toEqual([
      ["hOsT", "fin1"],
      ["X-A", "1"],
      ["x-a", "2"],
      ["Empty", ""],
    ]);
  });

  test.each([
    [
      "a folded field is one line",
      "X: a\r\n \t b\r\n\tc\r\nY: 1\r\n",
      [
        ["X", "a b c"],
        ["Y", "1"],
      ],
    ],
    [
      "a line without colon is a name",
      "just words\r\nY: 1\r\n",
      [
        ["just words", ""],
        ["Y", "1"],
      ],
    ],
    ["only the first colon divides", "X: a:b:c\r\n", [["X", "a:b:c"]]],
    ["U+00A0 is content", "X: \xa0\r\n", [["X", "\xa0"]]],
    [
      "bare line feeds",
      "X: 1\nY: 2\n",
      [
        ["X", "1"],
        ["Y", "2"],
      ],
    ],
    ["no fields", "", []],
  ])("%s", (_name, fields, expected) => {
    expect(pairs(request(`GET / HTTP/1.1\r\n${fields}\r\n`)?.headers)).toEqual(expected);
  });

  test("spaces in a target, around it and after the line", () => {
    const head = request("GET  /a b  HTTP/1.0 \r\n\r\n");
    expect([head?.method, head?.target, head?.version]).toEqual(["GET", "/a b", "HTTP/1.0"]);
  });

  test.each(["", "GET /\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "GET / HTTP/2.0\r\n\r\n"])(
    "%j is none",
    (text) => {
      expect(request(text)).toBeNull();
    },
  );
});

describe("parseResponseHead", () => {
  test.each([
    ["HTTP/1.1 200 OK\r\n", "HTTP/1.1", 200, "OK"],
    ["HTTP/1.0 404 Not  Found \r\n", "HTTP/1.0", 404, "Not  Found"],
    ["HTTP/1.1 099\r\n", "HTTP/1.1", 99, ""],
    ["HTTP/1.1 000 \r\n", "HTTP/1.1", 0, ""],
    ["HTTP/1.1  999 caf\xe9\n", "HTTP/1.1", 999, "caf\xe9"],
  ])("%j", (line, version, status, reason) => {
    const head = response(`${line}X: 1\r\n\r\n`);
    expect([head?.version, head?.status, head?.reason]).toEqual([version, status, reason]);
    expect(pairs(head?.headers)).toEqual([["X", "1"]]);
  });

  test.each(["", "HTTP/1.1 20\r\n\r\n", "ICY 200 OK\r\n\r\n"])("%j is none", (text) => {
    expect(response(text)).toBeNull();
  });
});

test("trailers are fields without a start line", () => {
  expect(pairs(parseTrailers(latin1Bytes("A: 1\r\nb:2\r\n\r\n")))).toEqual([
    ["A", "1"],
    ["b", "2"],
  ]);
});

test("headers are found under any case", () => {
  const headers = [
    { name: "Set-Cookie", value: "a" },
    { name: "SET-cookie", value: "b" },
  ];
  expect(headerValue(headers, "set-COOKIE")).toBe("a");
  expect(headerValues(headers, "set-cookie")).toEqual(["a", "b"]);
  expect(headerValue(headers, "cookie")).toBeNull();
});

test("reading any bytes never throws", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (noise) => {
      for (const start of ["GET / HTTP/1.1\r\n", "HTTP/1.1 200 OK\r\n", ""]) {
        const bytes = Buffer.concat([latin1Bytes(start), noise]);
        const heads = [parseRequestHead(bytes), parseResponseHead(bytes)];
        for (const head of heads) expect(head === null || Array.isArray(head.headers)).toBe(true);
      }
    }),
  );
});
