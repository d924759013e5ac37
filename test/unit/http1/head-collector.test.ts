import { describe, expect, test } from "vitest";
import { HeadCollector } from "../../../src/http1/head-collector.ts";
import { latin1Bytes } from "./record-conversation.ts";

const head = latin1Bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
const begun = (maxLength = 100): HeadCollector => {
  const collector = new HeadCollector(maxLength);
  collector.begin("request");
  return collector;
};

test("a head that is the whole chunk is that chunk", () => {
  const collector = begun();
  expect(collector.read(head, 0)).toBe(head.length);
  expect(collector.head).toBe(head);
});

test("a head inside a chunk is a view of it", () => {
  const collector = begun();
  const chunk = Buffer.concat([latin1Bytes("???"), head, latin1Bytes("body")]);
  expect(collector.read(chunk, 3)).toBe(3 + head.length);
  expect(collector.head?.buffer).toBe(chunk.buffer);
  expect(Buffer.from(collector.head ?? [])).toEqual(Buffer.from(head));
});

describe("a head in pieces", () => {
  test("is a copy, and what follows in the last chunk is not taken", () => {
    for (let cut = 1; cut < head.length; cut++) {
      const collector = begun();
      const first = head.slice(0, cut);
      expect(collector.read(first, 0)).toBe(cut);
      expect(collector.started).toBe(true);
      first.fill(0);
      const second = Buffer.concat([latin1Bytes("?"), head.subarray(cut), latin1Bytes("body")]);
      expect(collector.read(second, 1)).toBe(1 + head.length - cut);
      expect(Buffer.from(collector.head ?? [])).toEqual(Buffer.from(head));
      expect(collector.started).toBe(false);
    }
  });

  test("is never held beyond the limit", () => {
    const collector = begun(20);
    collector.read(head.subarray(0, 18), 0);
    expect(collector.read(Buffer.concat([head.subarray(18), Buffer.alloc(9)]), 0)).toBe(2);
    expect(collector.scanner.problem).toBe("a head longer than 20 bytes");
    expect(collector.head).toBeNull();
  });
});
