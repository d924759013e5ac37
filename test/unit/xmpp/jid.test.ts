/** Addresses as Finesse writes them, and anything else. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bareJidOf, localPartOf, parseJid } from "../../../src/xmpp/jid.ts";

test.each([
  ["47483648@fin1.ucce.local/desktop", ["47483648", "fin1.ucce.local", "desktop"]],
  ["47483648@fin1.ucce.local", ["47483648", "fin1.ucce.local", null]],
  ["pubsub.fin1.ucce.local", [null, "pubsub.fin1.ucce.local", null]],
  ["fin1.ucce.local/f382a015", [null, "fin1.ucce.local", "f382a015"]],
  ["a@b/c@d/e", ["a", "b", "c@d/e"]],
])("%s", (text, [local, domain, resource]) => {
  expect(parseJid(text)).toEqual({ local, domain, resource });
});

test.each(["", "@b", "a@", "a@b/", "/r", "a@b@c", "x".repeat(4000)])("%j is none", (text) => {
  expect(parseJid(text)).toBeNull();
});

test("parts put together give the address", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (text) => {
      const jid = parseJid(text);
      if (jid === null) return;
      const local = jid.local === null ? "" : `${jid.local}@`;
      const resource = jid.resource === null ? "" : `/${jid.resource}`;
      expect(`${local}${jid.domain}${resource}`).toBe(text);
      expect(bareJidOf(text)).toBe(`${local}${jid.domain}`);
      expect(localPartOf(text)).toBe(jid.local);
    }),
  );
});

test("nobody has no local part", () => {
  expect(localPartOf(null)).toBeNull();
});
