/** Reads the pubsub event out of a message (XEP-0060): which node published what. */
import type { XmlElement } from "../xml/tree.ts";
import { attributeOf, elementsIn, textOf } from "../xml/tree.ts";
import { namespaces } from "./namespaces.ts";
import type { PubsubEvent, PubsubItem } from "./stanza.ts";

/** null when the message carries no event with items. */
export function readPubsubEvent(message: XmlElement): PubsubEvent | null {
  const event = elementsIn(message).find(
    ({ local, namespace }) => local === "event" && namespace === namespaces.pubsubEvent,
  );
  if (event === undefined) return null;
  const items = elementsIn(event).find(({ local }) => local === "items");
  if (items === undefined) return null;
  const children = elementsIn(items);
  return {
    pubsubNode: attributeOf(items, "node") ?? "",
    items: children.filter(({ local }) => local === "item").map(itemFrom),
    retracted: children
      .filter(({ local }) => local === "retract")
      .map((child) => attributeOf(child, "id") ?? ""),
  };
}

function itemFrom(item: XmlElement): PubsubItem {
  const notification = elementsIn(item).find(({ local }) => local === "notification");
  return {
    itemId: attributeOf(item, "id"),
    notification: notification === undefined ? null : textOf(notification),
  };
}
