/** Stanzas on screen: each once, by time, not more than fit. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { withStanzas } from "../../../../web/model/stanza-list.ts";
import { stanza } from "../../console/a-stanza.ts";

const at = (ms: number): string => new Date(Date.UTC(2026, 2, 1) + ms).toISOString();

test("any pages give each stanza once, in order of time, the latest so many", () => {
  const one = fc.record({ key: fc.nat(30), ms: fc.nat(1000) });
  fc.assert(
    fc.property(fc.array(fc.array(one, { maxLength: 8 }), { maxLength: 8 }), (pages) => {
      const times = new Map<number, number>();
      let shown: ReturnType<typeof withStanzas> = [];
      for (const page of pages) {
        const came = page.map(({ key, ms }) => {
          if (!times.has(key)) times.set(key, ms);
          return stanza({ key: `k${key}`, at: at(times.get(key) ?? 0) });
        });
        shown = withStanzas(shown, came, 1000);
      }
      const order = shown.map((one) => one.at);
      expect(order).toEqual(order.toSorted());
      expect(new Set(shown.map(({ key }) => key)).size).toBe(shown.length);
      expect(shown).toHaveLength(times.size);
    }),
  );
});

test("the oldest make room", () => {
  const three = [1, 2, 3].map((ms) => stanza({ key: `k${ms}`, at: at(ms) }));
  expect(withStanzas([], three, 2).map(({ key }) => key)).toEqual(["k2", "k3"]);
});

test("nothing new is the same list, so that nothing is painted", () => {
  const shown = withStanzas([], [stanza()]);
  expect(withStanzas(shown, [stanza()])).toBe(shown);
});
