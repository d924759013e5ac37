/** The ring keeps the latest within its bounds, and whoever pages sees each of them once, in order. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { BoshscopeError } from "../../../src/base/errors.ts";
import { StanzaRing } from "../../../src/console/stanza-ring.ts";
import { stanza } from "./a-stanza.ts";

const keysOf = (page: { stanzas: readonly { key: string }[] }): string[] =>
  page.stanzas.map(({ key }) => key);
const filled = (count: number, limits = {}): StanzaRing => {
  const ring = new StanzaRing(limits);
  for (let at = 0; at < count; at++) ring.push(stanza({ key: `k${at}`, text: "x".repeat(10) }));
  return ring;
};
const all = { filter: "", limit: 500 };

test("number and size are bounded, and what went is counted", () => {
  const page = filled(10, { count: 4 }).page({ ...all, after: null });
  expect(keysOf(page)).toEqual(["k6", "k7", "k8", "k9"]);
  expect(page.dropped).toBe(6);
  expect(keysOf(filled(10, { length: 35 }).page({ ...all, after: null }))).toHaveLength(3);
});

test("pages follow each other without a gap, while more comes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(5), { maxLength: 20 }),
      fc.integer({ min: 1, max: 7 }),
      (bursts, limit) => {
        const ring = new StanzaRing({ count: 1000 });
        let count = 0;
        let after = ring.page({ ...all, after: null }).next;
        const seen: string[] = [];
        for (const burst of bursts) {
          for (let at = 0; at < burst; at++) ring.push(stanza({ key: `k${count++}` }));
          for (let more = true; more; ) {
            const page = ring.page({ filter: "", limit, after });
            seen.push(...keysOf(page));
            ({ next: after, more } = page);
          }
        }
        expect(seen).toEqual(Array.from({ length: count }, (_, at) => `k${at}`));
      },
    ),
  );
});

test("a reader that comes late gets what is left", () => {
  const ring = filled(10, { count: 4 });
  expect(keysOf(ring.page({ ...all, after: "2" }))).toEqual(["k6", "k7", "k8", "k9"]);
  expect(keysOf(ring.page({ ...all, after: "999" }))).toEqual([]);
});

test("the filter counts before the limit", () => {
  const ring = filled(3);
  ring.push(stanza({ key: "iq", kind: "iq" }));
  expect(keysOf(ring.page({ after: null, filter: "kind:iq", limit: 1 }))).toEqual(["iq"]);
  expect(keysOf(ring.page({ after: "0", filter: "kind:iq", limit: 1 }))).toEqual(["iq"]);
});

test("an after that is none is refused", () => {
  expect(() => filled(1).page({ ...all, after: "1;drop" })).toThrow(BoshscopeError);
});
