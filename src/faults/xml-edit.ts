/** Edits XML in its source text: what is not meant stays byte for byte. */
import { readXml } from "../xml/read-xml.ts";
import { elementsIn, textOf, type XmlElement } from "../xml/tree.ts";

/** Text for a place between tags. Only `<`, `>` and `&`, as Openfire escapes. */
export const escapeText = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Gives every element at that path a new text. The path begins at the root (`SystemInfo/status`), or, in a BOSH body or a stanza, at the root of
 * what a notification carries (`Update/data/user/state`). Unreadable text, or no such element: comes back as it is.
 */
export function setPath(source: string, path: string, text: string): string {
  const document = readXml(source);
  if (document.kind === "unparseable") return source;
  const { root } = document;
  const [first = "", ...rest] = path.split("/").filter((part) => part !== "");
  if (sameName(root, first)) {
    const edits = elementsAt(root, rest).map((element) =>
      contentEdit(source, element, escapeText(text)),
    );
    return applied(source, edits);
  }
  const edits = notificationsIn(root).flatMap((element) => {
    const inner = textOf(element);
    const changed = setPath(inner, path, text);
    return changed === inner ? [] : [contentEdit(source, element, escapeText(changed))];
  });
  return applied(source, edits);
}

const sameName = ({ local }: XmlElement, name: string): boolean =>
  local.toLowerCase() === name.toLowerCase();

function elementsAt(root: XmlElement, path: readonly string[]): readonly XmlElement[] {
  return path.reduce<readonly XmlElement[]>(
    (found, name) =>
      found.flatMap((element) => elementsIn(element).filter((child) => sameName(child, name))),
    [root],
  );
}

function notificationsIn(root: XmlElement): readonly XmlElement[] {
  return elementsIn(root).flatMap((element) =>
    element.local === "notification" ? [element] : notificationsIn(element),
  );
}

/** Offsets of what stands between an element's tags; null for `<a/>`. */
function contentRange(source: string, element: XmlElement): readonly [number, number] | null {
  const last = element.attributes.at(-1);
  const from = last === undefined ? element.start + 1 + element.name.length : last.end + 1;
  const close = source.indexOf(">", from);
  if (source[close - 1] === "/") return null;
  return [close + 1, source.lastIndexOf("</", element.end - 1)];
}

function contentEdit(source: string, element: XmlElement, content: string): Edit {
  const range = contentRange(source, element);
  if (range !== null) return { start: range[0], end: range[1], text: content };
  const slash = source.lastIndexOf("/", element.end - 1);
  return { start: slash, end: element.end, text: `>${content}</${element.name}>` };
}

function applied(source: string, edits: readonly Edit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((text, edit) => text.slice(0, edit.start) + edit.text + text.slice(edit.end), source);
}

/** The source of each child element of the root, in order; empty for what is not XML. */
export function stanzasIn(source: string): readonly string[] {
  const document = readXml(source);
  if (document.kind === "unparseable") return [];
  return elementsIn(document.root).map(({ start, end }) => source.slice(start, end));
}

/** Gives the root another content; what is not XML stays. */
export function withContent(source: string, content: string): string {
  const document = readXml(source);
  if (document.kind === "unparseable") return source;
  return applied(source, [contentEdit(source, document.root, content)]);
}
