/** Indented XML means what it meant. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { prettyXml } from "../../../src/console/pretty-xml.ts";
import { readXml } from "../../../src/xml/read-xml.ts";
import type { XmlElement } from "../../../src/xml/tree.ts";

test("elements on lines of their own, lone text beside its tags", () => {
  const text = `<a b='1'><c>t &amp; u</c><d/><e> <f/> x </e></a>`;
  expect(prettyXml(text)).toBe(
    [
      `<a b="1">`,
      "  <c>t &amp; u</c>",
      "  <d/>",
      "  <e>",
      "    <f/>",
      "    x",
      "  </e>",
      "</a>",
    ].join("\n"),
  );
});

test("what is no XML comes back as it is", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      if (readXml(text).kind === "unparseable") expect(prettyXml(text)).toBe(text);
    }),
  );
});

type Shape = { name: string; value: string; children: Shape[] };
const shapeOf = (children: fc.Arbitrary<Shape[]>): fc.Arbitrary<Shape> =>
  fc.record({
    name: fc.constantFrom("a", "b:c", "d"),
    value: fc.string({ unit: "grapheme-ascii" }),
    children,
  });
const leaf = shapeOf(fc.constant([]));
const branch = shapeOf(fc.array(leaf, { maxLength: 3 }));
const shape = shapeOf(fc.array(fc.oneof(leaf, branch), { maxLength: 3 }));

const quoted = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
const write = ({ name, value, children }: Shape): string =>
  `<${name} v="${quoted(value)}">${children.map(write).join("")}</${name}>`;
const outline = (element: XmlElement): unknown => [
  element.name,
  element.attributes.map(({ name, value }) => [name, value]),
  element.children.flatMap((child) => (child.kind === "element" ? [outline(child)] : [])),
];

test("the same elements, in the same order", () => {
  fc.assert(
    fc.property(shape, (tree) => {
      const [before, after] = [write(tree), prettyXml(write(tree))].map((text) => readXml(text));
      if (before?.kind !== "document" || after?.kind !== "document") throw new Error("unreadable");
      expect(outline(after.root)).toEqual(outline(before.root));
    }),
  );
});
