import { expect, test } from "vitest";
import { en } from "../../../web/i18n/en.ts";
import { es } from "../../../web/i18n/es.ts";

/** Paths of all texts, with functions called on placeholders. */
function textsOf(value: unknown, path: string): (readonly [string, string])[] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") return [[path, String(value("⟦1⟧", "⟦2⟧", "⟦3⟧"))]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, `${path}.${key}`));
}

const english = new Map(textsOf(en, "en"));
const spanish = new Map(textsOf(es, "en"));

test("both languages say the same number of things, and none is empty where the other is not", () => {
  expect([...spanish.keys()].sort()).toEqual([...english.keys()].sort());
  for (const [path, text] of english) {
    expect(spanish.get(path) === "", path).toBe(text === "");
  }
});

/** Commands are the same in every language. */
const command = /^(?:certutil|security|npm|Get-ChildItem) /;

test("Spanish sentences are not left in English", () => {
  const sentences = [...english].filter(
    ([, text]) => text.split(" ").length > 5 && !command.test(text),
  );
  const same = sentences.filter(([path, text]) => spanish.get(path) === text).map(([path]) => path);
  expect(sentences.length).toBeGreaterThan(80);
  expect(same).toEqual([]);
});

test("placeholders of one language appear in the other", () => {
  const placed = [...english].filter(([, text]) => text.includes("⟦"));
  expect(placed.length).toBeGreaterThan(30);
  for (const [path, text] of placed) {
    const marks = (of: string): string[] => (of.match(/⟦\d⟧/g) ?? []).sort();
    // The server is named in some causes only: there the sentence may leave its author out.
    if (!path.startsWith("en.wire.cause.")) {
      expect(marks(spanish.get(path) ?? ""), path).toEqual(marks(text));
    }
  }
});
