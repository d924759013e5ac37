import { describe, expect, test } from "vitest";
import { FieldFacts } from "../../../src/http1/field-facts.ts";
import { latin1Bytes } from "./record-conversation.ts";

const factsOf = (...lines: readonly string[]): FieldFacts => {
  const facts = new FieldFacts();
  for (const line of lines) {
    const bytes = latin1Bytes(`x${line}9`);
    facts.read(bytes, 1, bytes.length - 1);
  }
  return facts;
};

describe("Content-Length", () => {
  test.each([
    [["Content-Length: 57"], 57],
    [["CONTENT-LENGTH:0"], 0],
    [["content-length:\t007 \t"], 7],
    [["Content-Length: 5, 5 ,5"], 5],
    [["Content-Length: 5", "content-length: 5"], 5],
    [["Content-Length: 9007199254740991"], Number.MAX_SAFE_INTEGER],
    [["Content-Length2: 5"], -1],
    [["Content-Lengt: 5"], -1],
    [["Content-Length"], -1],
    [["Content_Length: 5"], -1],
    [["Content\rLength: 5"], -1],
  ])("%j is %d", (lines, length) => {
    expect(factsOf(...lines)).toMatchObject({ length, lengthProblem: null });
  });

  test.each([
    "",
    " ",
    "-1",
    "+1",
    "1.0",
    "1 2",
    "0x1",
    "1,",
    ",1",
    "5,,5",
    "9007199254740992",
    "\u0661",
  ])("%j is not a number", (value) => {
    expect(factsOf(`Content-Length: ${value}`).lengthProblem).toBe(
      "a Content-Length that is not a number",
    );
  });

  test("different numbers conflict, whatever follows", () => {
    expect(
      factsOf("Content-Length: 5", "Content-Length: 6", "Content-Length: 6").lengthProblem,
    ).toBe("conflicting Content-Length fields");
  });
});

test("transfer codings are joined in order, in lower case", () => {
  expect(factsOf("Transfer-Encoding: GZip", "transfer-encoding:\r\n\tChunked ").codings).toBe(
    "gzip,chunked",
  );
  expect(factsOf("Transfer-Encodings: x", "TE: x").codings).toBeNull();
});

test("Upgrade is kept in lower case", () => {
  expect(factsOf("UPGRADE:  WebSocket ").upgrade).toBe("websocket");
  expect(factsOf("Upgrade-Insecure-Requests: 1", "User-Agent: x").upgrade).toBeNull();
});

test("white space before the colon is noticed", () => {
  expect(factsOf("Content-Length : 5")).toMatchObject({ length: 5, looseColon: true });
  expect(factsOf("Content-Length: 5").looseColon).toBe(false);
});

test("clear forgets all", () => {
  const facts = factsOf(
    "Content-Length : x",
    "Transfer-Encoding: a",
    "Upgrade: b",
    "Content-Length: 3",
  );
  facts.clear();
  expect(facts).toEqual(new FieldFacts());
});
