import * as fc from "fast-check";
import { expect, test } from "vitest";
import { PatternIndex } from "../../../src/redact/pattern-index.ts";
import { cpuTime } from "../../support/cpu-time.ts";

const plain = (text: string) => ({ text, left: false, right: false, isBase64: false });

test("finds exactly what a plain search finds", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 6, maxLength: 90 });
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 300 });
  fc.assert(
    fc.property(
      fc.uniqueArray(letters, { maxLength: 20 }),
      text,
      fc.nat(),
      (patterns, noise, cut) => {
        const index = new PatternIndex<string>();
        for (const pattern of patterns) expect(index.add(plain(pattern), pattern)).toBe(true);
        const at = cut % (noise.length + 1);
        const haystack = noise.slice(0, at) + (patterns[0] ?? "") + noise.slice(at);
        const hits = index.search(haystack);
        expect(hits.length > 0).toBe(
          patterns.some((pattern) => haystack.includes(pattern.slice(-64))),
        );
        for (const hit of hits)
          expect(hit.owner.endsWith(haystack.slice(hit.start, hit.end))).toBe(true);
      },
    ),
  );
});

test("forgets what was removed", () => {
  const index = new PatternIndex<string>();
  index.add(plain("Secret1!"), "a");
  index.add(plain("Secret2!"), "b");
  index.removeAll("a");
  expect(index.search("x Secret1! Secret2!").map((hit) => hit.owner)).toEqual(["b"]);
});

test("refuses patterns that share all windows with too many others", () => {
  const index = new PatternIndex<number>();
  const taken = Array.from({ length: 40 }, (_, owner) => index.add(plain("aaaaaa"), owner));
  expect(taken.filter(Boolean)).toHaveLength(32);
});

test("searches a megabyte among thousands of patterns in milliseconds", () => {
  const index = new PatternIndex<number>();
  for (let owner = 0; owner < 18_000; owner += 1)
    index.add(plain(`pattern-${owner * 7919}-x`), owner);
  const text = "Nothing of interest is in here. ".repeat(32_768);
  expect(cpuTime(() => expect(index.search(text)).toEqual([]))).toBeLessThan(500);
});
