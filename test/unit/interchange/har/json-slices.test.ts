/** However a HAR is cut into chunks, the same entries come out of it, and each is what JSON.parse makes of it. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { EntrySlicer } from "../../../../src/interchange/har/json-slices.ts";

function slicesOf(bytes: Buffer, sizes: readonly number[]) {
  const slicer = new EntrySlicer();
  const slices: { start: number; text: string }[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    for (const { start, bytes: found } of slicer.push(Buffer.from(bytes.subarray(at, at + size))))
      slices.push({ start, text: found.toString("utf8") });
    at += size;
  }
  return { slices, shell: slicer.shell(), isCut: slicer.isCut };
}

const entry = fc.dictionary(fc.string(), fc.jsonValue());

test("any entries, any chunks", () => {
  fc.assert(
    fc.property(
      fc.array(entry, { maxLength: 6 }),
      fc.dictionary(fc.constantFrom("pages", "comment", 'odd"key\\', "entries "), fc.jsonValue()),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
      fc.constantFrom(undefined, 2),
      (entries, around, sizes, indent) => {
        const har = { log: { version: "1.2", ...around, entries, after: around }, entries: [1] };
        const bytes = Buffer.from(JSON.stringify(har, null, indent));
        const { slices, shell, isCut } = slicesOf(bytes, sizes);
        expect(slices.map(({ text }) => JSON.parse(text) as unknown)).toEqual(
          JSON.parse(JSON.stringify(entries)),
        );
        for (const { start, text } of slices)
          expect(bytes.subarray(start, start + Buffer.byteLength(text)).toString()).toBe(text);
        expect(shell).toMatchObject({ log: { version: "1.2" } });
        expect(isCut).toBe(false);
      },
    ),
    { seed: 6 },
  );
});

test("any bytes: it ends, and gives nothing that was not there", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 1, max: 50 }),
      (bytes, size) => {
        expect(() => slicesOf(Buffer.from(bytes), [size])).not.toThrow();
      },
    ),
    { seed: 6 },
  );
});

test("nesting without end is refused", () => {
  expect(() => slicesOf(Buffer.from("[".repeat(100_000)), [4096])).toThrow(/nested too deep/);
});
