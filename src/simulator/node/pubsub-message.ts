/** Notifications exactly as Finesse publishes them: an escaped `<Update>` inside a pubsub event, with Openfire's message and item ids. */
import { randomUUID } from "node:crypto";
import { escapeXml, writeXml, type XmlPart } from "../write-xml.ts";

/** What changed, for everybody who may know. */
export interface Update {
  /** Pubsub node: `/finesse/api/User/47483648`. */
  readonly node: string;
  /** Agent whose sessions get it; null for all. */
  readonly agent: string | null;
  readonly data: XmlPart;
  readonly event: "PUT" | "POST" | "DELETE";
  /** Of the REST request that caused it, or "". */
  readonly requestId: string;
  readonly source: string;
}

export const updateXml = ({ data, event, requestId, source }: Update): string =>
  writeXml([
    "Update",
    [
      ["data", [data]],
      ["event", event],
      ["requestId", requestId],
      ["source", source],
    ],
  ]);

export interface MessageIds {
  /** UUID and two digits. */
  readonly item: string;
  /** Five letters or digits. */
  readonly message: string;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

export function randomIds(): MessageIds {
  const letters = Array.from({ length: 5 }, () => alphabet[Math.floor(Math.random() * 62)]);
  const digits = 10 + Math.floor(Math.random() * 90);
  return { item: `${randomUUID()}${digits}`, message: letters.join("") };
}

/** The message stanza for one subscriber. */
export function pubsubMessage(
  update: Update,
  address: { readonly domain: string; readonly user: string },
  ids: MessageIds = randomIds(),
): string {
  const { node } = update;
  const bare = `${address.user}@${address.domain}`;
  return `<message xmlns="jabber:client" from="pubsub.${address.domain}" to="${bare}" id="${node}__${bare}__${ids.message}"><event xmlns="http://jabber.org/protocol/pubsub#event"><items node="${node}"><item id="${ids.item}"><notification xmlns="http://jabber.org/protocol/pubsub">${escapeXml(updateXml(update))}</notification></item></items></event></message>`;
}
