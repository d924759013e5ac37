import fc from "fast-check";
import { expect, test } from "vitest";
import { adviceParts } from "../../../../web/model/advice-parts.ts";

test("commands stand between backticks", () => {
  expect(adviceParts("Run `ntpq -p`, then `date`.")).toEqual([
    { kind: "text", text: "Run " },
    { kind: "command", text: "ntpq -p" },
    { kind: "text", text: ", then " },
    { kind: "command", text: "date" },
    { kind: "text", text: "." },
  ]);
});

test("an unclosed backtick is text, and nothing is lost of any text", () => {
  expect(adviceParts("a `b")).toEqual([{ kind: "text", text: "a `b" }]);
  fc.assert(
    fc.property(fc.array(fc.constantFrom("`", "a", " b")), (pieces) => {
      const text = pieces.join("");
      const again = adviceParts(text)
        .map((part) => (part.kind === "command" ? `\`${part.text}\`` : part.text))
        .join("");
      expect(again).toBe(text);
    }),
  );
});
