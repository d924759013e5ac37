/** What a desktop's XMPP library is to the desktop, whatever transport it uses. */
import type { XmlElement } from "../../xml/tree.ts";

export interface NotificationClient {
  connect(): void;
  /** Says goodbye and ends. */
  disconnect(): void;
  /** Forgets everything without a word: the page is gone. */
  drop(): void;
}

export interface NotificationEvents {
  onConnected(): void;
  /** Over for good; a new client must be made. `why`: unauthorized, conflict, status 404, ECONNRESET, timeout, a terminate's condition, … */
  onDisconnected(why: string): void;
  /** A message or presence. */
  onStanza(stanza: XmlElement): void;
}
