/** What one top-level element of an XMPP stream says, of either transport. */
import type { XmlElement } from "../xml/tree.ts";

interface Addressed {
  readonly from: string | null;
  readonly to: string | null;
  readonly id: string | null;
  /** As written; null = the stanza has none. */
  readonly type: string | null;
  /** The stanza's error condition, such as "item-not-found"; null when it is no error. */
  readonly error: string | null;
}

export interface PubsubItem {
  readonly itemId: string | null;
  /** Text of `<notification>`: XML once more, unescaped. null = the item has none. */
  readonly notification: string | null;
}

/** Items that a node published. */
export interface PubsubEvent {
  readonly pubsubNode: string;
  readonly items: readonly PubsubItem[];
  /** Ids of items taken back. */
  readonly retracted: readonly string[];
}

export interface DiscoItem {
  readonly jid: string;
  readonly pubsubNode: string | null;
}

/** What an iq is about. A result may be empty: then it is "none", and its id tells what it answers. */
export type IqPayload =
  /** A request names the resource it wants, a result the JID it got. */
  | { readonly kind: "bind"; readonly resource: string | null; readonly jid: string | null }
  | { readonly kind: "session" }
  | { readonly kind: "ping" }
  | { readonly kind: "disco-info"; readonly pubsubNode: string | null }
  | { readonly kind: "disco-items"; readonly items: readonly DiscoItem[] }
  | {
      readonly kind: "subscribe" | "unsubscribe";
      readonly pubsubNode: string | null;
      readonly jid: string | null;
    }
  | {
      readonly kind: "subscription";
      readonly pubsubNode: string | null;
      readonly jid: string | null;
      /** "subscribed", "pending", … */
      readonly state: string | null;
    }
  | { readonly kind: "none" }
  | { readonly kind: "other"; readonly name: string; readonly namespace: string };

export type Stanza =
  | (Addressed & { readonly kind: "message"; readonly event: PubsubEvent | null })
  | (Addressed & {
      readonly kind: "presence";
      /** A presence without type says: I am here. */
      readonly available: boolean;
      readonly priority: number | null;
    })
  | (Addressed & { readonly kind: "iq"; readonly payload: IqPayload })
  | {
      readonly kind: "sasl";
      readonly step: "auth" | "challenge" | "response" | "success" | "failure" | "abort";
      readonly mechanism: string | null;
      /** Why it failed, such as "not-authorized". */
      readonly condition: string | null;
    }
  | {
      readonly kind: "features";
      readonly mechanisms: readonly string[];
      /** Names of the other features, such as "bind". */
      readonly names: readonly string[];
    }
  /** The server ends the stream, such as for "conflict" or "system-shutdown". */
  | { readonly kind: "stream-error"; readonly condition: string; readonly text: string | null }
  /** WebSocket framing (RFC 7395): begins or restarts a stream. */
  | {
      readonly kind: "open";
      readonly to: string | null;
      readonly from: string | null;
      readonly id: string | null;
      readonly version: string | null;
    }
  | { readonly kind: "close"; readonly seeOther: string | null }
  | { readonly kind: "other"; readonly element: XmlElement };
