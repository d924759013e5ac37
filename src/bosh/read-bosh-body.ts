/** Reads the `<body/>` element of a BOSH message. What the stanzas inside say is xmpp's business. */
import { readXml } from "../xml/read-xml.ts";
import type { Unparseable, XmlAttribute, XmlElement } from "../xml/tree.ts";
import { elementsIn } from "../xml/tree.ts";
import type { BoshBody, ClientFingerprint } from "./bosh-body.ts";
import { fingerprintFrom, httpBindNamespace, wholeNumber } from "./bosh-body.ts";
import { readHotBody } from "./hot-body.ts";

/** The body read, or why it is none. Polls and empty answers, nearly all of the traffic, take a path without a parser. */
export function readBoshBody(text: string): BoshBody | Unparseable {
  return readHotBody(text) ?? readAnyBody(text);
}

/** The same by the full parser alone. */
export function readAnyBody(text: string): BoshBody | Unparseable {
  const document = readXml(text);
  if (document.kind === "unparseable") return document;
  const { root } = document;
  if (root.local !== "body" || (root.namespace !== httpBindNamespace && root.namespace !== "")) {
    const reason = `the root is <${root.name}>, not a BOSH body`;
    return { kind: "unparseable", at: 0, reason, partial: root, cut: false, asides: [] };
  }
  return bodyOf(root, text);
}

function bodyOf(root: XmlElement, source: string): BoshBody {
  const stanzas = elementsIn(root);
  const silent = root.children.every((child) => child.kind === "text" && child.text.trim() === "");
  return {
    ...readAttributes(root.attributes),
    stanzas,
    children: stanzas.length,
    empty: silent,
    fingerprint: fingerprintOf(root.attributes, source),
  };
}

type FromAttributes = Omit<BoshBody, "children" | "stanzas" | "empty" | "fingerprint">;

function readAttributes(attributes: readonly XmlAttribute[]): FromAttributes {
  const values = new Map(attributes.map((attribute) => [attribute.name, attribute.value]));
  const word = (name: string) => values.get(name) ?? null;
  const count = (name: string) => wholeNumber(values.get(name));
  const restart =
    attributes.find((attribute) => attribute.local === "restart" && attribute.name !== "restart")
      ?.value ?? "";
  return {
    kind: "body",
    sid: word("sid"),
    rid: count("rid"),
    wait: count("wait"),
    hold: count("hold"),
    requests: count("requests"),
    inactivity: count("inactivity"),
    polling: count("polling"),
    maxpause: count("maxpause"),
    ver: word("ver"),
    ack: count("ack"),
    type: word("type"),
    condition: word("condition"),
    pause: count("pause"),
    restart: restart === "true" || restart === "1",
    to: word("to"),
    from: word("from"),
  };
}

function fingerprintOf(attributes: readonly XmlAttribute[], source: string): ClientFingerprint {
  const names = attributes.map((attribute) => attribute.name);
  const quotes = new Set(attributes.map((attribute) => source[attribute.start - 1]));
  return fingerprintFrom(names, quotes.size === 1 ? [...quotes][0] : undefined);
}
