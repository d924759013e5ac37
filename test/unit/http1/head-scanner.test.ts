import { describe, expect, test } from "vitest";
import { type HeadKind, HeadScanner } from "../../../src/http1/head-scanner.ts";
import { latin1Bytes } from "./record-conversation.ts";

const scanned = (kind: HeadKind, text: string, maxLength = 100) => {
  const scanner = new HeadScanner(maxLength);
  scanner.begin(kind);
  const bytes = latin1Bytes(`????${text}`);
  const end = scanner.scan(bytes, 4, bytes.length) - 4;
  return { scanner, end, state: scanner.state, problem: scanner.problem };
};

test("finds the end of a head inside an array, and what its fields say", () => {
  const head = "POST / HTTP/1.1\r\nContent-Length: 3\r\nUpgrade: x\r\n\r\n";
  const { scanner, end, state } = scanned("request", `${head}abc`);
  expect([state, end]).toEqual(["done", head.length]);
  expect(scanner.requestLine?.minor).toBe(1);
  expect(scanner.fields).toMatchObject({ length: 3, upgrade: "x" });
});

test("goes on where it stopped, in another array", () => {
  const scanner = new HeadScanner(100);
  scanner.begin("response");
  const head = latin1Bytes("HTTP/1.1 204 None\r\nTransfer-Encoding: a\r\n chunked\r\n\r\n");
  for (let end = 0; end < head.length; end++) {
    const far = Buffer.concat([Buffer.alloc(end), head.subarray(0, end)]);
    expect(scanner.scan(far, end, far.length)).toBe(far.length);
    expect(scanner.state).toBe("more");
  }
  expect(scanner.scan(head, 0, head.length)).toBe(head.length);
  expect(scanner.state).toBe("done");
  expect(scanner.statusLine?.status).toBe(204);
  expect(scanner.fields.codings?.replaceAll(/\s+/g, " ")).toBe("a chunked");
});

describe("fails at the byte that can't be", () => {
  test.each<[HeadKind, string, number, string]>([
    ["request", "GET / HTTP/1.1\r\nX: \0\r\n\r\n", 19, "a NUL byte in a head"],
    ["request", "GET /\r\n", 6, "not an HTTP request line"],
    ["response", "hello world, hello\n", 18, "not HTTP"],
    ["trailers", "X: \0\n", 3, "a NUL byte in a trailer section"],
    ["trailers", "x".repeat(120), 100, "a trailer section longer than 100 bytes"],
    ["trailers", " X: 1\r\n\r\n", 6, "a first header line that begins with white space"],
  ])("%s %j", (kind, text, at, reason) => {
    expect(scanned(kind, text)).toMatchObject({ state: "failed", end: at, problem: reason });
  });
});

test("trailers may be empty, and say nothing about framing", () => {
  expect(scanned("trailers", "\r\nrest")).toMatchObject({ state: "done", end: 2 });
  expect(scanned("trailers", "Content-Length: 3\n\n").scanner.fields.length).toBe(-1);
});

test("begin forgets the last head", () => {
  const { scanner } = scanned("request", "GET / HTTP/1.1\r\nContent-Length: 1\r\n\r\n");
  scanner.begin("response");
  expect(scanner).toMatchObject({ state: "more", requestLine: null, problem: "" });
  expect(scanner.fields.length).toBe(-1);
  const folded = latin1Bytes("HTTP/1.1 200 OK\r\n folded: onto nothing\r\n\r\n");
  scanner.scan(folded, 0, folded.length);
  expect(scanner.problem).toBe("a first header line that begins with white space");
});
