import { deflateRawSync, inflateRawSync } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ZipWriter } from "../../../src/interchange/zip/zip-writer.ts";

const localHeaderBytes = 30;

test("entries of any size are packed as zlib packs them by itself", () => {
  const word = fc.constantFrom("<body rid='1' ", "xmlns='", "\r\n", "Host: fin1", "é", "0", "'/>");
  const text = fc.array(word, { maxLength: 900, size: "max" }).map((words) => words.join(""));
  const noise = fc.uint8Array({ maxLength: 5000, size: "max" });
  fc.assert(
    fc.property(
      fc.oneof(
        text.map((one) => Buffer.from(one)),
        noise,
      ),
      (content) => {
        const zip = new ZipWriter({
          comment: "",
          password: null,
          random: (length) => Buffer.alloc(length),
        });
        const entry = zip.add("a", content, new Date(0));
        const packed = entry.subarray(localHeaderBytes + 1);
        expect(packed.equals(deflateRawSync(content))).toBe(true);
        expect(inflateRawSync(packed).equals(content)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
