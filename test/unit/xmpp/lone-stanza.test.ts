/** A stanza taken out of its surroundings means the same alone. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readXml } from "../../../src/xml/read-xml.ts";
import { elementsIn, type XmlElement } from "../../../src/xml/tree.ts";
import { declaredBy, escapeXml, loneStanza } from "../../../src/xmpp/lone-stanza.ts";

function rootOf(text: string): XmlElement {
  const read = readXml(text);
  if (read.kind === "unparseable") throw new Error(read.reason);
  return read.root;
}

function alone(text: string): string[] {
  const root = rootOf(text);
  return elementsIn(root).map((child) => loneStanza(child, text, declaredBy(root)));
}

test("namespaces of the BOSH body come along, but for its own", () => {
  const text = `<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams'><stream:features><bind xmlns='b'/></stream:features><iq id='1'/><message xmlns="jabber:client"/></body>`;
  expect(alone(text)).toEqual([
    `<stream:features xmlns:stream="http://etherx.jabber.org/streams"><bind xmlns='b'/></stream:features>`,
    `<iq xmlns="jabber:client" id='1'/>`,
    `<message xmlns="jabber:client"/>`,
  ]);
});

test("what is its own stays its own, also when a value looks like a prefix", () => {
  const text = `<s xmlns:a="1&amp;2"><a:b xmlns:a='own'/><c>a:text</c></s>`;
  expect(alone(text)).toEqual([
    `<a:b xmlns:a='own'/>`,
    `<c xmlns="jabber:client" xmlns:a="1&amp;2">a:text</c>`,
  ]);
});

test("escaped text reads as it was", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme-ascii" }), (text) => {
      const [attribute] = rootOf(`<a b="${escapeXml(text)}"/>`).attributes;
      expect(attribute?.value).toBe(text);
    }),
  );
});
