import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readXml } from "../../../src/xml/read-xml.ts";
import type { XmlDocument, XmlElement, XmlNode } from "../../../src/xml/tree.ts";
import { attributeOf, elementsIn, textOf } from "../../../src/xml/tree.ts";
import { cpuTime } from "../../support/cpu-time.ts";

function documentOf(text: string): XmlDocument {
  const read = readXml(text);
  if (read.kind !== "document") throw new Error(`${read.reason} at ${read.at}`);
  return read;
}

function refused(text: string, limits = {}) {
  const read = readXml(text, limits);
  if (read.kind !== "unparseable") throw new Error("was read");
  return read;
}

function walk(node: XmlNode, visit: (node: XmlNode) => void): void {
  visit(node);
  if (node.kind === "element") for (const child of node.children) walk(child, visit);
}

describe("readXml", () => {
  test("resolves namespaces by scope, whatever the prefix", () => {
    const { root } = documentOf(
      "<a xmlns='urn:1' xmlns:p='urn:2'><p:b xmlns:p='urn:3'/><p:c/><d xmlns=''/><xml:e/></a>",
    );
    expect(root.namespace).toBe("urn:1");
    expect(elementsIn(root).map((element) => [element.local, element.namespace])).toEqual([
      ["b", "urn:3"],
      ["c", "urn:2"],
      ["d", ""],
      ["e", "http://www.w3.org/XML/1998/namespace"],
    ]);
  });

  test("tells where elements, attribute values and texts are in the source", () => {
    const source = `<?xml version="1.0"?>\n<a x='1&lt;' y="it's"> t<!-- c -->&amp;u<![CDATA[<z>]]><b/></a>`;
    const { root, asides } = documentOf(source);
    expect(source.slice(root.start, root.end)).toBe(source.slice(source.indexOf("<a")));
    expect(root.attributes.map(({ start, end }) => source.slice(start, end))).toEqual([
      "1&lt;",
      "it's",
    ]);
    expect(root.children.map(({ start, end }) => source.slice(start, end))).toEqual([
      " t",
      "&amp;u",
      "<z>",
      "<b/>",
    ]);
    expect(asides.map(({ start, end }) => source.slice(start, end))).toEqual([
      '<?xml version="1.0"?>',
      "<!-- c -->",
    ]);
    expect(textOf(root)).toBe(" t&u<z>");
    expect(attributeOf(root, "x")).toBe("1<");
    expect(attributeOf(root, "z")).toBeNull();
  });

  test("reads past forbidden characters and undeclared prefixes, and says so", () => {
    const { root, problems } = documentOf("<s:a>x\u0001y&#x8;&nbsp;</s:a>");
    expect(textOf(root)).toBe("x\u0001y&#x8;&nbsp;");
    expect(problems.map((problem) => problem.at)).toEqual([0, 6, 12, 18]);
  });

  test.each([
    ["a DOCTYPE", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", 0],
    ["a wrong end tag", "<a><b></a>", 6],
    ["text after the root", "<a/>x", 4],
    ["no element", "  ", 0],
    ["an unquoted attribute", "<a><b c=d/></a>", 3],
    ["markup inside a reference", "<a>&# <p>;</p></a>", 3],
  ])("refuses %s and says how far it read", (_, text, at) => {
    const read = refused(text);
    expect(read.at).toBe(at);
    expect(read.cut).toBe(false);
  });

  test.each([
    ["<a><b>text", 10],
    ["<a>text<b", 7],
    ["<a>text<b x='1", 7],
    ["<a>text & more", 3],
    ["<a>text<!-- x", 7],
  ])("gives what came before the cut of %s", (text, at) => {
    const read = refused(text);
    expect(read).toMatchObject({ cut: true, at });
    expect(read.partial?.name).toBe("a");
    expect(read.partial?.end).toBe(at);
  });

  test("stops at its bounds", () => {
    expect(refused("<a>".repeat(10_000)).reason).toBe("nested deeper than 256");
    expect(refused("<a/>", { length: 3 }).reason).toBe("longer than 3 characters");
    expect(refused(`<a>${"<b/>".repeat(100)}</a>`, { nodes: 50 }).reason).toBe(
      "more than 50 nodes",
    );
    expect(refused(`<a ${"b='' ".repeat(2000)}/>`).reason).toBe("more than 1024 attributes");
    expect(refused("\u0001".repeat(5000)).reason).toMatch(/faults|outside/);
  });

  test.each([
    ["text", `<a>${"x".repeat(10_000_000)}</a>`],
    ["references", `<a>${"&lt;".repeat(2_500_000)}</a>`],
    ["an open reference", `<a>${"&".repeat(10_000_000)}`],
    ["open angles", "<".repeat(10_000_000)],
    ["an attribute", `<a b='${"<".repeat(10_000_000)}'/>`],
    ["elements", `<a>${"<b/>".repeat(2_500_000)}</a>`],
  ])("takes ten megabytes of %s in bounded time", (_, text) => {
    expect(cpuTime(() => readXml(text))).toBeLessThan(10_000);
  });

  const name = fc.constantFrom("a", "b", "p:c", "x-1");
  const plain = fc.stringMatching(/^[a-z <>&"']{0,12}$/);
  const escaped = (text: string) =>
    text.replace(/[<>&"']/g, (found) => `&#${found.codePointAt(0)};`);
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc
      .tuple(name, plain, fc.array(fc.oneof({ maxDepth: 4 }, plain.map(escaped), tie("tree"))))
      .map(([tag, value, inner]) => `<${tag} k='${escaped(value)}'>${inner.join("")}</${tag}>`),
  }));

  test("reads every well-formed document, with places that nest", () => {
    fc.assert(
      fc.property(tree, (source) => {
        const { root } = documentOf(source);
        walk(root, (node) => {
          expect(node.end).toBeGreaterThanOrEqual(node.start);
          if (node.kind === "text") expect(source.slice(node.start, node.end)).not.toContain("<");
          else expect(source.slice(node.start, node.end)).toMatch(/^<[\s\S]*>$/);
        });
      }),
    );
  });

  test("gives an element for every prefix of a document that has one, and never throws", () => {
    fc.assert(
      fc.property(tree, fc.nat(), (source, length) => {
        const text = source.slice(0, length % (source.length + 1));
        const read = readXml(text);
        if (read.kind === "document") expect(text).toBe(source);
        else expect(read.at).toBeLessThanOrEqual(text.length);
        const top: XmlElement | null = read.kind === "document" ? read.root : read.partial;
        if (top !== null) expect(top.end).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  test("is total on arbitrary text", () => {
    const piece = fc.constantFrom(
      "<a",
      ">",
      "/>",
      "</a>",
      "<!--",
      "-->",
      "]]>",
      "<![CDATA[",
      "&",
      ";",
    );
    const odd = fc.constantFrom("&#x1;", "<?", "?>", "<!DOCTYPE", "'", '"', "=", " ", "\u0000");
    const text = fc
      .array(fc.oneof(piece, odd, fc.string({ unit: "binary" })))
      .map((all) => all.join(""));
    fc.assert(
      fc.property(text, (source) => {
        expect(["document", "unparseable"]).toContain(readXml(source).kind);
      }),
      { numRuns: 1000 },
    );
  });
});
