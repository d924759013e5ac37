import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ChunkedBody } from "../../../src/http1/chunked-body.ts";
import { HeadCollector } from "../../../src/http1/head-collector.ts";
import { latin1Bytes } from "./record-conversation.ts";

/** Reads the text cut at these offsets. */
function read(text: string, cuts: readonly number[] = []) {
  const body = new ChunkedBody(new HeadCollector(64));
  const bytes = latin1Bytes(text);
  let content = "";
  let taken = 0;
  let start = 0;
  for (const end of [...cuts, bytes.length]) {
    const chunk = bytes.subarray(start, end);
    let at = 0;
    while (at < chunk.length && body.state === "more") {
      const next = body.read(chunk, at);
      content += Buffer.from(chunk.subarray(body.contentStart, body.contentEnd)).toString("latin1");
      taken += next - at;
      at = next;
    }
    start = end;
  }
  const { state, problem, trailers } = body;
  return {
    state,
    content,
    taken,
    problem,
    trailers: trailers && Buffer.from(trailers).toString("latin1"),
  };
}

describe("whole bodies", () => {
  test.each([
    ["nothing", "0\r\n\r\n", "", null],
    [
      "three chunks",
      "1\r\na\r\nA\r\n0123456789\r\n2\r\n\r\n\r\n0\r\n\r\n",
      "a0123456789\r\n",
      null,
    ],
    ["leading and many zeros", "0001\r\na\r\n000\r\n\r\n", "a", null],
    ["extensions", "1;x=y;z\r\na\r\n0;last\r\n\r\n", "a", null],
    ["padding before the line end", "1 \t \r\na\r\n0  \r\n\r\n", "a", null],
    ["bare line feeds", "1\na\n0\nX: 1\n\n", "a", "X: 1\n\n"],
    ["trailers", "0\r\nX: 1\r\nY: 2\r\n\r\n", "", "X: 1\r\nY: 2\r\n\r\n"],
  ])("%s", (_name, text, content, trailers) => {
    const whole = { state: "done", content, taken: text.length, problem: "", trailers };
    expect(read(`${text}HTTP`)).toEqual(whole);
    expect(
      read(
        text,
        Array.from(text, (_, at) => at),
      ),
    ).toEqual(whole);
  });
});

describe("fails at the byte that can't be", () => {
  test.each([
    ["\r\n", 0, "a chunk without a size"],
    [";x\r\n", 0, "a chunk without a size"],
    [" 1\r\n", 0, "a chunk without a size"],
    ["1g\r\n", 1, "a chunk size that can't be read"],
    ["1_0\r\n", 1, "a chunk size that can't be read"],
    ["1 2\r\n", 2, "a chunk size that can't be read"],
    ["40000000000000", 13, "a chunk size that can't be read"],
    ["1\r\r\n", 2, "a chunk size line without its line feed"],
    ["1;\0", 2, "a NUL byte in a chunk extension"],
    ["1\r\nab", 4, "a chunk longer than its size"],
    ["1\r\na\r\r", 5, "a chunk longer than its size"],
    ["0\r\nX\0", 4, "a NUL byte in a trailer section"],
    [`0\r\n${"x".repeat(70)}`, 67, "a trailer section longer than 64 bytes"],
  ])("%j", (text, taken, problem) => {
    expect(read(text)).toMatchObject({ state: "failed", taken, problem });
  });
});

test("any bytes, cut anywhere, end the same", () => {
  const part = fc.constantFrom(
    "1",
    "a",
    "0",
    "\r\n",
    "\n",
    "\r",
    ";",
    " ",
    "\0",
    "X: 1",
    "0\r\n\r\n",
    "1\r\na\r\n",
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), fc.array(fc.nat(60)), (parts, offsets) => {
      const text = parts.join("");
      const cuts = offsets.filter((at) => at < text.length).toSorted((left, right) => left - right);
      expect(read(text, cuts)).toEqual(read(text));
    }),
    { numRuns: 1000 },
  );
});
