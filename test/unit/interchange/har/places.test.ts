import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Places } from "../../../../src/interchange/har/places.ts";

test("entries come by time, and those of one moment in the file's order", () => {
  const wall = fc.integer({ min: 0, max: 50 }).map((ms) => Date.parse("2026-03-01") + ms);
  fc.assert(
    fc.property(fc.array(wall, { maxLength: 3000, size: "max" }), (walls) => {
      const places = new Places();
      const entries = walls.map((at, index) => ({ at, start: 2 ** 33 + index, length: index }));
      for (const { at, start, length } of entries) places.add({ start, length }, at);
      const byTime = entries.toSorted((a, b) => a.at - b.at);
      expect([...places.byTime()]).toEqual(byTime.map(({ start, length }) => ({ start, length })));
      expect(places.count).toBe(walls.length);
    }),
    { numRuns: 30 },
  );
});
