/** Unfolds a stanza into the updates it carries: pubsub outside, escaped XML inside. */
import type { BoshBody } from "../bosh/bosh-body.ts";
import type { Unparseable } from "../xml/tree.ts";
import { readStanza } from "../xmpp/read-stanza.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import type { Update } from "./update.ts";
import { readUpdate } from "./update.ts";

export interface Notification {
  /** Such as `/finesse/api/User/47483648/Dialogs`. */
  readonly pubsubNode: string;
  readonly itemId: string | null;
  /** Whom it was sent to, as a JID. */
  readonly to: string | null;
  readonly update: Update | Unparseable;
}

/** A stanza and what it carries, read once for all who want it. */
export interface Content {
  readonly stanza: Stanza;
  readonly notifications: readonly Notification[];
}

/** What the stanzas of a BOSH body say, in their order. */
export const contentOf = (body: BoshBody): readonly Content[] =>
  body.stanzas.map((element) => contentOfStanza(readStanza(element)));

/** What a stanza, such as that of a WebSocket frame, carries. */
export const contentOfStanza = (stanza: Stanza): Content => ({
  stanza,
  notifications: notificationsIn(stanza),
});

const none: readonly Notification[] = [];

/** In the order of the items; items without a notification are left out. */
export function notificationsIn(stanza: Stanza): readonly Notification[] {
  if (stanza.kind !== "message" || stanza.event === null) return none;
  const { event, to } = stanza;
  return event.items.flatMap(({ itemId, notification }) =>
    notification === null
      ? []
      : [{ pubsubNode: event.pubsubNode, itemId, to, update: readUpdate(notification) }],
  );
}

/** The agent a node belongs to: `/finesse/api/User/47483648/Dialogs` → "47483648". */
export function agentOfNode(pubsubNode: string): string | null {
  return /^\/finesse\/api\/User\/([^/]+)/.exec(pubsubNode)?.[1] ?? null;
}
