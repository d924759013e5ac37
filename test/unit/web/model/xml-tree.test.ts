import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  isBlank,
  readXml,
  unfold,
  type XmlElement,
  type XmlNode,
} from "../../../../web/model/xml-tree.ts";
import { cpuTime } from "../../../support/cpu-time.ts";

const names = fc.constantFrom("body", "stream:features", "Update", "data", "user", "a-b.c");
const texts = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
  .filter((text) => text.isWellFormed() && !/[\r\0]/.test(text));
const { element } = fc.letrec<{ element: XmlElement; child: XmlNode }>((tie) => ({
  element: fc.record({
    kind: fc.constant("element" as const),
    name: names,
    attributes: fc.uniqueArray(fc.record({ name: names, value: texts }), {
      selector: (one) => one.name,
      maxLength: 3,
    }),
    children: fc
      .array(tie("child"), { maxLength: 4, depthIdentifier: "xml" })
      .map((children) =>
        children.filter(
          (one, index) => one.kind !== "text" || children[index - 1]?.kind !== "text",
        ),
      ),
    end: fc.constant("tag" as const),
  }),
  child: fc.oneof(
    { depthIdentifier: "xml", maxDepth: 4 },
    texts.map((text) => ({ kind: "text" as const, text })),
    texts.filter((text) => !text.includes("]]>")).map((text) => ({ kind: "cdata" as const, text })),
    tie("element"),
  ),
}));

const escaped = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&#34;");

function written(node: XmlNode): string {
  if (node.kind === "text") return escaped(node.text);
  if (node.kind !== "element") return `<![CDATA[${node.text}]]>`;
  const attributes = node.attributes
    .map(({ name, value }) => ` ${name}="${escaped(value)}"`)
    .join("");
  return `<${node.name}${attributes}>${node.children.map(written).join("")}</${node.name}>`;
}

describe("reading XML", () => {
  test("gives back the tree that was written", () => {
    fc.assert(
      fc.property(element, (tree) => {
        const read = readXml(`<?xml version="1.0"?>\n${written(tree)}\n`);
        expect(read.problem).toBeNull();
        expect(read.roots.at(-1)).toEqual(tree);
      }),
    );
  });

  test("never throws, on any text and on any cut of a document", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => void readXml(text)),
    );
    fc.assert(
      fc.property(element, fc.nat(), (tree, place) => {
        const whole = written(tree);
        const cut = whole.slice(0, place % whole.length);
        const { problem } = readXml(cut);
        expect(problem).not.toBeNull();
        expect(problem?.at).toBeLessThanOrEqual(cut.length);
      }),
    );
  });

  test("keeps what came before the cut, and says where it was", () => {
    const read = readXml("<ApiErrors>\n  <ErrorMessage>OUT_OF");
    expect(read.problem).toEqual({ fault: "truncated", at: 34, line: 2, column: 23 });
    const [root] = read.roots;
    expect(root).toMatchObject({ name: "ApiErrors", end: "missing" });
    if (root?.kind !== "element") throw new Error("no element");
    expect(root.children.filter((child) => !isBlank(child))).toMatchObject([
      { name: "ErrorMessage", end: "missing", children: [{ kind: "text", text: "OUT_OF" }] },
    ]);
  });

  test.each([
    ["<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "doctype"],
    ["<a>&unknown;</a>", "bad-entity"],
    ["<a></b>", "mismatched-tag"],
    ["Invalid SID.", "unexpected-text"],
    ["", "empty"],
    ["<a b=c></a>", "bad-attribute"],
    ["<1></1>", "bad-tag"],
    ["<a".repeat(3), "truncated"],
    ["<a>".repeat(300), "too-deep"],
  ])("refuses %s", (text, fault) => {
    expect(readXml(text).problem?.fault).toBe(fault);
  });

  test("takes time in proportion to length, also for hostile text", () => {
    const spent = cpuTime(() => {
      readXml(`<a ${"b ".repeat(200_000)}>`);
      readXml(`<a>${"&".repeat(300_000)}`);
      readXml(`<a>${"<b/>".repeat(150_000)}</a>`);
      readXml(`<!--${"-".repeat(500_000)}`);
    });
    expect(spent).toBeLessThan(5000);
  });

  test("remembers how an element ended, since 51 and 57 bytes of empty body are different servers", () => {
    expect(readXml("<body/>").roots).toMatchObject([{ end: "self" }]);
    expect(readXml("<body></body>").roots).toMatchObject([{ end: "tag" }]);
  });

  test("unfolds the XML escaped inside a notification, three levels at most", () => {
    const inner = "<Update><data><user><state>READY</state></user></data></Update>";
    const [root] = readXml(`<notification>${escaped(inner)}</notification>`).roots;
    if (root?.kind !== "element") throw new Error("no element");
    expect(unfold(root)?.roots).toMatchObject([{ name: "Update" }]);
    expect(unfold(root, 3)).toBeNull();
    const [plain] = readXml("<state>READY &lt; NOT</state>").roots;
    if (plain?.kind !== "element") throw new Error("no element");
    expect(unfold(plain)).toBeNull();
  });
});
