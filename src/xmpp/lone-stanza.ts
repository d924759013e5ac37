/** Takes a stanza out of what carried it, as a document of its own: namespaces that its surroundings declared come along. */
import type { XmlElement } from "../xml/tree.ts";
import { namespaces } from "./namespaces.ts";

/** Prefix → URI, "" = the default one. */
export type Declared = ReadonlyMap<string, string>;

/** What an element declares for those inside. */
export function declaredBy(element: XmlElement): Declared {
  const declared = new Map<string, string>();
  for (const { name, value } of element.attributes) {
    if (name === "xmlns") declared.set("", value);
    else if (name.startsWith("xmlns:")) declared.set(name.slice("xmlns:".length), value);
  }
  return declared;
}

/**
 * `element` must be of `source`. A stanza without a namespace of its own is `jabber:client`: in BOSH many servers forget to say so, and it
 * would be BOSH's.
 */
export function loneStanza(element: XmlElement, source: string, around: Declared): string {
  const own = declaredBy(element);
  const text = source.slice(element.start, element.end);
  const added: string[] = [];
  if (!own.has("") && !element.name.includes(":")) added.push(` xmlns="${namespaces.client}"`);
  for (const [prefix, uri] of around) {
    if (prefix === "" || own.has(prefix) || !text.includes(`${prefix}:`)) continue;
    added.push(` xmlns:${prefix}="${escapeXml(uri)}"`);
  }
  const at = element.name.length + 1;
  return text.slice(0, at) + added.join("") + text.slice(at);
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

export const escapeXml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (letter) => escapes[letter] ?? letter);
