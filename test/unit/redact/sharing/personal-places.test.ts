import * as fc from "fast-check";
import { expect, test } from "vitest";
import { personalPlaces } from "../../../../src/redact/sharing/personal-places.ts";

/** What an address is, as one pattern. */
const address = /([A-Za-z0-9][\w.+%~-]{0,63})@([A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})/g;

test("addresses are found where the whole pattern finds them", () => {
  const part = fc.constantFrom("7", "q", "_", ".", "-", "@", "@q.q", " ", "é", "+", "7".repeat(63));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 14 }), (parts) => {
      const text = parts.join("");
      const expected = [...text.matchAll(address)]
        .map(({ 0: whole, 1: local = "", index }) => {
          const name = local.split("__").at(-1) ?? "";
          return { kind: "agent", start: index + whole.indexOf("@") - name.length, name };
        })
        .filter(({ name }) => name !== "")
        .map(({ kind, start, name }) => ({ kind, start, end: start + name.length }));
      expect(personalPlaces(text)).toEqual(expected);
    }),
  );
});
