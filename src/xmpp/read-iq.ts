/** Reads what an iq is about: the few things that a Finesse desktop asks for. */
import type { XmlElement } from "../xml/tree.ts";
import { attributeOf, elementsIn, textOf } from "../xml/tree.ts";
import { namespaces } from "./namespaces.ts";
import type { IqPayload } from "./stanza.ts";

/** The first element that is not the error decides. */
export function readIqPayload(iq: XmlElement): IqPayload {
  const payload = elementsIn(iq).find((child) => child.local !== "error");
  if (payload === undefined) return { kind: "none" };
  switch (payload.namespace) {
    case namespaces.bind:
      return {
        kind: "bind",
        resource: childText(payload, "resource"),
        jid: childText(payload, "jid"),
      };
    case namespaces.session:
      return { kind: "session" };
    case namespaces.ping:
      return { kind: "ping" };
    case namespaces.discoInfo:
      return { kind: "disco-info", pubsubNode: attributeOf(payload, "node") };
    case namespaces.discoItems:
      return { kind: "disco-items", items: discoItemsIn(payload) };
    case namespaces.pubsub:
      return pubsubFrom(payload);
    default:
      return otherFrom(payload);
  }
}

const otherFrom = ({ local, namespace }: XmlElement): IqPayload => ({
  kind: "other",
  name: local,
  namespace,
});

function childText(element: XmlElement, name: string): string | null {
  const child = elementsIn(element).find(({ local }) => local === name);
  return child === undefined ? null : textOf(child).trim();
}

function discoItemsIn(query: XmlElement) {
  return elementsIn(query).map((item) => ({
    jid: attributeOf(item, "jid") ?? "",
    pubsubNode: attributeOf(item, "node"),
  }));
}

function pubsubFrom(pubsub: XmlElement): IqPayload {
  const [action] = elementsIn(pubsub);
  if (action === undefined) return otherFrom(pubsub);
  const pubsubNode = attributeOf(action, "node");
  const jid = attributeOf(action, "jid");
  switch (action.local) {
    case "subscribe":
    case "unsubscribe":
      return { kind: action.local, pubsubNode, jid };
    case "subscription":
      return { kind: "subscription", pubsubNode, jid, state: attributeOf(action, "subscription") };
    default:
      return otherFrom(action);
  }
}
