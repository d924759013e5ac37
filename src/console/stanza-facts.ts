/** What must be known of a stanza that somebody typed, before it is sent. Total. */
import { readXml } from "../xml/read-xml.ts";
import { attributeOf } from "../xml/tree.ts";

export interface TypedStanza {
  readonly hasNamespace: boolean;
  /** An iq of type get or set: the server must answer it. */
  readonly wantsAnswer: boolean;
  readonly id: string | null;
}

export function stanzaFacts(text: string): TypedStanza {
  const read = readXml(text);
  if (read.kind === "unparseable") return { hasNamespace: true, wantsAnswer: false, id: null };
  const { root } = read;
  const type = attributeOf(root, "type");
  return {
    hasNamespace: attributeOf(root, "xmlns") !== null,
    wantsAnswer: root.local === "iq" && (type === "get" || type === "set"),
    id: attributeOf(root, "id"),
  };
}
