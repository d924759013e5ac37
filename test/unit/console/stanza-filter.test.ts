/** The console's filter: words that must all be so. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { BoshscopeError } from "../../../src/base/errors.ts";
import { readStanzaFilter, wordsOf } from "../../../src/console/stanza-filter.ts";
import { stanza } from "./a-stanza.ts";

test.each([
  ["", true],
  ["kind:message", true],
  ["kind:iq", false],
  ["-kind:iq", true],
  ["node:/user/1001", true],
  ["node:/Team", false],
  ["dir:in", true],
  ["dir:out", false],
  ["-dir:out from:pubsub", true],
  ["kind:message node:/Team", false],
  ["ready", true],
  ["-READY", false],
  ['"state>READY"', true],
  ["urn:xmpp:ping", false],
  ["id:abc", false],
])("%s: %s", (filter, matches) => {
  expect(readStanzaFilter(filter)(stanza())).toBe(matches);
});

test("a direction that is none is told", () => {
  expect(() => readStanzaFilter("dir:up")).toThrow(BoshscopeError);
});

test("not is not: every filter and its opposite divide the stanzas", () => {
  const word = fc.stringMatching(/^(kind|node|from|about):[a-z/]{1,6}$|^[a-z]{1,6}$/);
  const kind = fc.constantFrom("iq" as const, "message" as const, "presence" as const);
  fc.assert(
    fc.property(word, kind, fc.string(), (text, one, about) => {
      const shown = stanza({ kind: one, about });
      expect(readStanzaFilter(`-${text}`)(shown)).toBe(!readStanzaFilter(text)(shown));
    }),
  );
});

test("quotes keep spaces, also when one is missing", () => {
  expect(wordsOf('a "b c" d:"e f" "g h')).toEqual(["a", "b c", "d:e f", "g h"]);
});
