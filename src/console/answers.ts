/** Reads what servers answer to the console's requests. Total: what is not there is left out. */
import type { XmppNode, XmppSubscription } from "../domain/xmpp-console.ts";
import { attributeOf, elementsIn, textOf, type XmlElement } from "../xml/tree.ts";

/** disco#items, by node; those without one first. */
export function nodesIn(answer: XmlElement): XmppNode[] {
  const items = inside(answer, "query").flatMap((query) => named(query, "item"));
  return items
    .map((item) => ({
      service: attributeOf(item, "jid") ?? "",
      node: attributeOf(item, "node"),
      name: attributeOf(item, "name"),
    }))
    .toSorted((a, b) => compare(a.node ?? "", b.node ?? "") || compare(a.service, b.service));
}

/** By code units, so that the order is the same on every machine. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Of a list, or of the answer to a `subscribe`. */
export function subscriptionsIn(answer: XmlElement): XmppSubscription[] {
  const pubsub = inside(answer, "pubsub");
  const lists = [...pubsub, ...pubsub.flatMap((one) => named(one, "subscriptions"))];
  return lists
    .flatMap((list) =>
      named(list, "subscription").map((one) => ({
        node: attributeOf(one, "node") ?? attributeOf(list, "node") ?? "",
        jid: attributeOf(one, "jid") ?? "",
        state: attributeOf(one, "subscription") ?? "",
        subid: attributeOf(one, "subid"),
      })),
    )
    .toSorted((a, b) => compare(a.node, b.node) || compare(a.jid, b.jid));
}

/** disco#info in lines: identities, then features. */
export function infoIn(answer: XmlElement): string[] {
  const queries = inside(answer, "query");
  const identities = queries.flatMap((query) => named(query, "identity"));
  const features = queries.flatMap((query) => named(query, "feature"));
  const words = (element: XmlElement, ...names: string[]): string =>
    names
      .map((name) => attributeOf(element, name))
      .filter((word) => word !== null && word !== "")
      .join(" ");
  return [
    ...identities.map((one) => `identity ${words(one, "category", "type", "name")}`),
    ...features.map((one) => `feature ${words(one, "var")}`),
  ];
}

/** Why it was refused, in the protocol's words, or null. */
export function refusalIn(answer: XmlElement): string | null {
  if (attributeOf(answer, "type") !== "error") return null;
  const [error] = named(answer, "error");
  if (error === undefined) return "error";
  const children = elementsIn(error);
  const explained = children.find(({ local }) => local === "text");
  const conditions = children.filter(({ local }) => local !== "text").map(({ local }) => local);
  const words = conditions.length > 0 ? conditions : [attributeOf(error, "code") ?? "error"];
  const text = explained === undefined ? "" : `: ${textOf(explained).trim().slice(0, 500)}`;
  return `${words.join(", ")}${text}`;
}

const named = (element: XmlElement, name: string): readonly XmlElement[] =>
  elementsIn(element).filter(({ local }) => local === name);
const inside = named;
