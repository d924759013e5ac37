/** Reads one top-level element into a stanza. Total: what it does not know is "other". */
import type { XmlElement } from "../xml/tree.ts";
import { attributeOf, elementsIn, textOf } from "../xml/tree.ts";
import { namespaces } from "./namespaces.ts";
import { readIqPayload } from "./read-iq.ts";
import { readPubsubEvent } from "./read-pubsub.ts";
import type { Stanza } from "./stanza.ts";

const saslSteps = new Set(["auth", "challenge", "response", "success", "failure", "abort"]);
type SaslStep = Extract<Stanza, { kind: "sasl" }>["step"];

/** A stanza inside a BOSH body may stand in BOSH's namespace, when its sender forgot to say `jabber:client`. */
export function readStanza(element: XmlElement): Stanza {
  switch (element.local) {
    case "message":
      return { kind: "message", ...addressesOf(element), event: readPubsubEvent(element) };
    case "presence":
      return presenceFrom(element);
    case "iq":
      return { kind: "iq", ...addressesOf(element), payload: readIqPayload(element) };
    default:
      return streamElement(element);
  }
}

function streamElement(element: XmlElement): Stanza {
  const { namespace, local } = element;
  if (namespace === namespaces.sasl && saslSteps.has(local)) return saslFrom(element);
  if (namespace === namespaces.framing) return framingFrom(element);
  // An undeclared prefix has no namespace, yet is the one everybody uses.
  const isStream = namespace === namespaces.streams || element.name === `stream:${local}`;
  if (isStream && local === "features") return featuresFrom(element);
  if (isStream && local === "error") {
    const text = elementsIn(element).find((child) => child.local === "text");
    return {
      kind: "stream-error",
      condition: conditionIn(element) ?? "",
      text: text === undefined ? null : textOf(text),
    };
  }
  return { kind: "other", element };
}

function addressesOf(element: XmlElement) {
  const type = attributeOf(element, "type");
  return {
    from: attributeOf(element, "from"),
    to: attributeOf(element, "to"),
    id: attributeOf(element, "id"),
    type,
    error: type === "error" ? errorIn(element) : null,
  };
}

function errorIn(element: XmlElement): string {
  const error = elementsIn(element).find((child) => child.local === "error");
  if (error === undefined) return "";
  // Before RFC 3920 errors were numbers; Openfire writes both.
  return conditionIn(error) ?? attributeOf(error, "code") ?? "";
}

/** Name of the first element that is not the explanation. */
function conditionIn(element: XmlElement): string | null {
  return elementsIn(element).find((child) => child.local !== "text")?.local ?? null;
}

function presenceFrom(element: XmlElement): Stanza {
  const addresses = addressesOf(element);
  const priority = elementsIn(element).find((child) => child.local === "priority");
  const value = priority === undefined ? Number.NaN : Number.parseInt(textOf(priority), 10);
  return {
    kind: "presence",
    ...addresses,
    available: addresses.type === null || addresses.type === "available",
    priority: Number.isNaN(value) ? null : value,
  };
}

function saslFrom(element: XmlElement): Stanza {
  return {
    kind: "sasl",
    step: element.local as SaslStep,
    mechanism: attributeOf(element, "mechanism"),
    condition: element.local === "failure" ? conditionIn(element) : null,
  };
}

function framingFrom(element: XmlElement): Stanza {
  if (element.local === "close") {
    return { kind: "close", seeOther: attributeOf(element, "see-other-uri") };
  }
  if (element.local !== "open") return { kind: "other", element };
  return {
    kind: "open",
    to: attributeOf(element, "to"),
    from: attributeOf(element, "from"),
    id: attributeOf(element, "id"),
    version: attributeOf(element, "version"),
  };
}

function featuresFrom(element: XmlElement): Stanza {
  const features = elementsIn(element);
  const mechanisms = features
    .filter((feature) => feature.local === "mechanisms")
    .flatMap((feature) => elementsIn(feature).map((one) => textOf(one).trim()));
  const names = features.map(({ local }) => local).filter((name) => name !== "mechanisms");
  return { kind: "features", mechanisms, names };
}
