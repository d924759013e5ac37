/** Reads a text frame of XMPP over WebSocket (RFC 7395): exactly one element each. */
import { readXml } from "../xml/read-xml.ts";
import type { Unparseable } from "../xml/tree.ts";
import { readStanza } from "./read-stanza.ts";
import type { Stanza } from "./stanza.ts";

/** The stanza, or why there is none. Openfire keeps a connection alive by frames of white space: null. */
export function readFrame(text: string): Stanza | Unparseable | null {
  if (text.trim() === "") return null;
  const document = readXml(text);
  return document.kind === "unparseable" ? document : readStanza(document.root);
}
