import * as fc from "fast-check";
import { expect, test } from "vitest";
import { IdentityBook } from "../../../../src/redact/sharing/identity-book.ts";

const line = fc
  .array(
    fc.constantFrom(
      "agent=1001003",
      "1001003",
      "<loginId>Ruth.Weber</loginId>",
      "ruth.weber",
      "cb=1001003&amp;x",
      "<firstName>Ruth</firstName>",
      "ruth",
      " ",
      "-",
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(""));

test("a line that comes again is replaced and counted as by a book that never saw it", () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      const book = new IdentityBook();
      const replacedBy = (one: IdentityBook): string[] => lines.map((text) => one.replace(text));
      replacedBy(book);
      replacedBy(book);
      const counted = book.counts();
      const again = replacedBy(book);
      const fresh = new IdentityBook();
      for (const text of lines) fresh.learnFrom(text);
      expect(again).toEqual(replacedBy(fresh));
      for (const [kind, { replaced }] of Object.entries(fresh.counts()))
        expect((book.counts()[kind]?.replaced ?? 0) - (counted[kind]?.replaced ?? 0)).toBe(
          replaced,
        );
    }),
  );
});

test("what is learnt later is replaced in a line seen before", () => {
  const book = new IdentityBook();
  expect(book.replace("GET /x 1001003")).toBe("GET /x 1001003");
  book.learn("agent", "1001003");
  expect(book.replace("GET /x 1001003")).toBe("GET /x agent~1");
  expect(book.replace("GET /x 1001003")).toBe("GET /x agent~1");
  expect(book.counts()["agent"]).toEqual({ distinct: 1, replaced: 2 });
});
