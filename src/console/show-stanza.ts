/** What the console shows of a stanza: addresses, node, a few words, and its text without passwords. */
import type { ShownStanza, StanzaKind } from "../domain/xmpp-console.ts";
import { frameLabel } from "../finesse/event-label.ts";
import { contentOfStanza } from "../finesse/notifications.ts";
import { readXml } from "../xml/read-xml.ts";
import { attributeOf, elementsIn, type XmlElement } from "../xml/tree.ts";
import { namespaces } from "../xmpp/namespaces.ts";
import { readStanza } from "../xmpp/read-stanza.ts";
import type { Stanza } from "../xmpp/stanza.ts";

/** Characters of a stanza that are kept. */
export const maxStanzaText = 64 * 1024;

type Carried = Pick<ShownStanza, "key" | "at" | "direction" | "exchange">;

/** Of a stanza that stands alone. What can't be read is shown all the same. */
export function showStanza(text: string, carried: Carried): ShownStanza {
  const read = readXml(text);
  if (read.kind === "unparseable") {
    const none = { type: null, from: null, to: null, id: null, node: null };
    const about = `unreadable at ${read.at}: ${read.reason}`;
    return { ...carried, kind: "other", ...none, about, ...kept(text) };
  }
  return showElement(read.root, text, carried);
}

/** Of an element of `source`. */
export function showElement(element: XmlElement, source: string, carried: Carried): ShownStanza {
  const stanza = readStanza(element);
  return {
    ...carried,
    kind: kindOf(stanza),
    type: attributeOf(element, "type"),
    from: attributeOf(element, "from"),
    to: attributeOf(element, "to"),
    id: attributeOf(element, "id"),
    node: nodeIn(element),
    about: frameLabel(contentOfStanza(stanza), null) ?? "",
    ...kept(withoutSecrets(stanza, element, source)),
  };
}

function kept(text: string): Pick<ShownStanza, "text" | "cut"> {
  const cut = text.length > maxStanzaText;
  return { text: cut ? text.slice(0, maxStanzaText) : text, cut };
}

function kindOf(stanza: Stanza): StanzaKind {
  switch (stanza.kind) {
    case "message":
    case "presence":
    case "iq":
    case "sasl":
    case "other":
      return stanza.kind;
    case "features":
    case "stream-error":
    case "open":
    case "close":
      return "stream";
  }
}

const nodeSpaces: readonly string[] = [
  namespaces.pubsub,
  namespaces.pubsubEvent,
  namespaces.discoItems,
  namespaces.discoInfo,
];

/** The first `node` in an element of pubsub or disco; those say it one level deep or two. */
function nodeIn(stanza: XmlElement): string | null {
  for (const child of elementsIn(stanza)) {
    if (!nodeSpaces.some((space) => child.namespace.startsWith(space))) continue;
    const own = attributeOf(child, "node");
    if (own !== null) return own;
    // A list of nodes is about none of them.
    if (child.local === "query") continue;
    for (const grandchild of elementsIn(child)) {
      const node = attributeOf(grandchild, "node");
      if (node !== null) return node;
    }
  }
  return null;
}

const notKept = "(not kept)";

/** SASL carries the password, or what it can be guessed from: in clear, but for why it failed. */
function withoutSecrets(stanza: Stanza, element: XmlElement, source: string): string {
  const text = source.slice(element.start, element.end);
  if (stanza.kind !== "sasl" || stanza.step === "failure") return text;
  const [first] = element.children;
  const last = element.children.at(-1);
  if (first === undefined || last === undefined) return text;
  return `${source.slice(element.start, first.start)}${notKept}${source.slice(last.end, element.end)}`;
}
