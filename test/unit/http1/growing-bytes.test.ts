import * as fc from "fast-check";
import { expect, test } from "vitest";
import { GrowingBytes } from "../../../src/http1/growing-bytes.ts";

test("holds what was appended, whatever the pieces", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (pieces) => {
      const grown = new GrowingBytes();
      for (const piece of pieces) grown.append(piece, 0, piece.length);
      expect(Buffer.from(grown.view())).toEqual(Buffer.concat(pieces));
      expect(grown.length).toBe(Buffer.concat(pieces).length);
    }),
  );
});

test("takes only the range named, and copies it", () => {
  const source = Uint8Array.of(1, 2, 3, 4);
  const grown = new GrowingBytes();
  grown.append(source, 1, 3);
  source.fill(9);
  expect([...grown.view()]).toEqual([2, 3]);
});

test("the first piece takes no more room than it needs", () => {
  const grown = new GrowingBytes();
  grown.append(new Uint8Array(1000), 0, 10);
  expect(grown.view().buffer.byteLength).toBe(10);
});
