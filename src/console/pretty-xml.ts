/** A stanza as indented lines, for reading. Text alone in an element stays beside its tags; escaped XML inside is left as it came. */
import { readXml } from "../xml/read-xml.ts";
import type { XmlElement } from "../xml/tree.ts";
import { escapeXml } from "../xmpp/lone-stanza.ts";

/** What can't be read comes back as it is. */
export function prettyXml(text: string): string {
  const read = readXml(text);
  if (read.kind === "unparseable") return text;
  const lines: string[] = [];
  write(read.root, "", lines);
  return lines.join("\n");
}

/** Depth is bounded by the reader. */
function write(element: XmlElement, indent: string, lines: string[]): void {
  const attributes = element.attributes.map(({ name, value }) => ` ${name}="${escapeXml(value)}"`);
  const opening = `${indent}<${element.name}${attributes.join("")}`;
  const children = element.children.filter(
    (child) => child.kind === "element" || child.text.trim() !== "",
  );
  const [first] = children;
  if (first === undefined) {
    lines.push(`${opening}/>`);
    return;
  }
  if (children.length === 1 && first.kind === "text") {
    lines.push(`${opening}>${escapeText(first.text)}</${element.name}>`);
    return;
  }
  lines.push(`${opening}>`);
  for (const child of children) {
    if (child.kind === "element") write(child, `${indent}  `, lines);
    else lines.push(`${indent}  ${escapeText(child.text.trim())}`);
  }
  lines.push(`${indent}</${element.name}>`);
}

const escapeText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
