import { describe, expect, test } from "vitest";
import { readRequestLine, readStatusLine } from "../../../src/http1/start-line.ts";
import { latin1Bytes } from "./record-conversation.ts";

/** Reads the text between two bytes that must not be looked at. */
const within = <T>(read: (bytes: Uint8Array, start: number, end: number) => T, text: string): T =>
  read(latin1Bytes(`5${text}5`), 1, text.length + 1);

describe("readRequestLine", () => {
  test.each([
    ["GET / HTTP/1.1", { isHead: false, isConnect: false, minor: 1 }],
    ["HEAD / HTTP/1.0", { isHead: true, isConnect: false, minor: 0 }],
    ["CONNECT a:1 HTTP/1.1", { isHead: false, isConnect: true, minor: 1 }],
    ["HEADS / HTTP/1.1", { isHead: false, isConnect: false, minor: 1 }],
    ["head / HTTP/1.1", { isHead: false, isConnect: false, minor: 1 }],
    ["CONNECTED / HTTP/1.1", { isHead: false, isConnect: false, minor: 1 }],
  ])("%s", (line, expected) => {
    expect(within(readRequestLine, line)).toEqual(expected);
  });

  test.each([
    "",
    "GET",
    "GET /",
    "GET HTTP/1.1",
    "GET /HTTP/1.1",
    "GET\t/\tHTTP/1.1",
    "G\xc4T / HTTP/1.1",
    "GET / HTTP/1.",
    "GET / HTTP/1.11",
    "GET / HTTP/11",
  ])("%j is none", (line) => {
    expect(within(readRequestLine, line)).toEqual(expect.any(String));
  });
});

describe("readStatusLine", () => {
  test.each([
    ["HTTP/1.1 200 OK", { status: 200, minor: 1 }],
    ["HTTP/1.0 000", { status: 0, minor: 0 }],
    ["HTTP/1.1   999\t", { status: 999, minor: 1 }],
  ])("%j", (line, expected) => {
    expect(within(readStatusLine, line)).toEqual(expected);
  });

  test.each([
    "",
    "HTTP/1.1",
    "HTTP/1.1 20",
    "HTTP/1.1  20",
    "HTTP/1.1 2x0 OK",
    "HTTP/1.1 200OK",
    "HTTP/1.1200 OK",
    "HTTP/2.0 200 OK",
    "HTTP/3.0 200 OK",
  ])("%j is none", (line) => {
    expect(within(readStatusLine, line)).toEqual(expect.any(String));
  });
});
