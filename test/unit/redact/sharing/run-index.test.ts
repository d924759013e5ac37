import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RunIndex } from "../../../../src/redact/sharing/run-index.ts";

const unit = fc.constantFrom(
  "a",
  "B",
  "7",
  "é",
  "İ",
  "K",
  "字",
  "𝒜",
  "😀",
  "\ud835",
  "‹",
  " ",
  "-",
  "_",
);
const text = fc.string({ unit, maxLength: 40 });

test("finds what a pattern finds that tries every run", () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 8 }), text, (known, searched) => {
      const runs = /[\p{L}\p{N}]+/gu;
      const index = new RunIndex<string>();
      const filed = new Set(known.flatMap((one) => one.toLowerCase().match(runs) ?? []));
      for (const run of filed) index.at(run).push(run);
      const whole = known.join(" ") + searched;
      const expected = [...whole.matchAll(runs)]
        .filter(([run]) => filed.has(run.toLowerCase()))
        .map(({ 0: run, index: start }) => [start, start + run.length, run.toLowerCase()]);
      const found = index.search(whole).map(({ start, end, values }) => [start, end, ...values]);
      expect(found).toEqual(expected);
    }),
  );
});
