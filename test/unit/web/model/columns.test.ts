import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clampWidth, columns, widthsFrom } from "../../../../web/model/columns.ts";

describe("columns", () => {
  test("are Fiddler's, in Fiddler's order", () => {
    const ours = new Set(["hold", "gap", "agent", "event"]);
    const names = columns.map((column) => column.name).filter((name) => !ours.has(name));
    expect(names).toEqual([
      "number",
      "result",
      "protocol",
      "host",
      "url",
      "body",
      "caching",
      "type",
      "process",
      "comments",
    ]);
  });

  test("widths survive whatever was remembered", () => {
    fc.assert(
      fc.property(fc.anything(), (saved) => {
        for (const width of Object.values(widthsFrom(saved))) {
          expect(width).toBeGreaterThanOrEqual(28);
          expect(width).toBeLessThanOrEqual(1600);
        }
      }),
    );
    expect(widthsFrom({ url: 512, host: "wide", body: -4 })).toMatchObject({
      url: 512,
      host: 158,
      body: 28,
    });
    expect(clampWidth(99_999)).toBe(1600);
  });
});
