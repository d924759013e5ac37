/** The stanzas behind the commands (XEP-0030, XEP-0060, XEP-0199), as text. */

import { escapeXml } from "../xmpp/lone-stanza.ts";
import { namespaces } from "../xmpp/namespaces.ts";
import type { Show } from "./command.ts";

export interface Addressed {
  readonly id: string;
  readonly to: string;
}

const attribute = (name: string, value: string | null): string =>
  value === null ? "" : ` ${name}="${escapeXml(value)}"`;

function iq(type: "get" | "set", { id, to }: Addressed, content: string): string {
  return `<iq xmlns="${namespaces.client}" type="${type}"${attribute("id", id)}${attribute("to", to)}>${content}</iq>`;
}

const pubsub = (content: string): string =>
  `<pubsub xmlns="${namespaces.pubsub}">${content}</pubsub>`;

export const discoItems = (to: Addressed, node: string | null): string =>
  iq("get", to, `<query xmlns="${namespaces.discoItems}"${attribute("node", node)}/>`);

export const discoInfo = (to: Addressed, node: string | null): string =>
  iq("get", to, `<query xmlns="${namespaces.discoInfo}"${attribute("node", node)}/>`);

/** With the full address: a bare one would stay on the node when the session is gone. */
export const subscribe = (to: Addressed, node: string, jid: string): string =>
  iq("set", to, pubsub(`<subscribe${attribute("node", node)}${attribute("jid", jid)}/>`));

export const unsubscribe = (
  to: Addressed,
  { node, jid, subid }: { node: string; jid: string; subid: string | null },
): string => {
  const attributes = `${attribute("node", node)}${attribute("jid", jid)}${attribute("subid", subid)}`;
  return iq("set", to, pubsub(`<unsubscribe${attributes}/>`));
};

export const subscriptions = (to: Addressed): string => iq("get", to, pubsub("<subscriptions/>"));

export const items = (to: Addressed, node: string, count: number): string =>
  iq("get", to, pubsub(`<items${attribute("node", node)} max_items="${count}"/>`));

export const ping = (to: Addressed): string => iq("get", to, `<ping xmlns="${namespaces.ping}"/>`);

export function presence(show: Show, priority: number): string {
  if (show === "unavailable") return `<presence xmlns="${namespaces.client}" type="unavailable"/>`;
  const shown = show === "available" ? "" : `<show>${show}</show>`;
  return `<presence xmlns="${namespaces.client}">${shown}<priority>${priority}</priority></presence>`;
}
