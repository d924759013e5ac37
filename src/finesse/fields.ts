/** Reads fields of Finesse's XML. Its releases differ in the case of names (`ApiErrors`, `apiErrors`), so case counts for nothing here. */
import { readXml } from "../xml/read-xml.ts";
import type { Unparseable, XmlElement } from "../xml/tree.ts";
import { elementsIn, textOf } from "../xml/tree.ts";

/** First child element of that name; `name` in lower case. */
export function childOf(element: XmlElement | null, name: string): XmlElement | null {
  if (element === null) return null;
  for (const child of element.children) {
    if (child.kind === "element" && isNamed(child, name)) return child;
  }
  return null;
}

/** All children of that name. */
export const childrenOf = (element: XmlElement | null, name: string): readonly XmlElement[] =>
  element === null ? [] : elementsIn(element).filter((child) => isNamed(child, name));

/** Trimmed text of the first child of that name; null when it is missing or blank. */
export function fieldOf(element: XmlElement | null, name: string): string | null {
  const child = childOf(element, name);
  if (child === null) return null;
  const text = textOf(child).trim();
  return text === "" ? null : text;
}

/** A whole number of the field, or null. */
export function numberOf(element: XmlElement | null, name: string): number | null {
  const text = fieldOf(element, name);
  return text !== null && /^-?\d{1,15}$/.test(text) ? Number(text) : null;
}

export const isNamed = ({ local }: XmlElement, name: string): boolean =>
  local.length === name.length && local.toLowerCase() === name;

/** The root element when it has that name (lower case), else why not. */
export function readRoot(text: string, name: string): XmlElement | Unparseable {
  const document = readXml(text);
  if (document.kind === "unparseable") return document;
  return isNamed(document.root, name) ? document.root : notA(document.root, name);
}

function notA(root: XmlElement, name: string): Unparseable {
  const reason = `the root is <${root.name}>, not <${name}>`;
  return { kind: "unparseable", at: 0, reason, partial: root, cut: false, asides: [] };
}

/** `2019-01-11T23:56:54.783Z` as ms since 1970, or null. Finesse writes GMT with or without milliseconds. */
export function timeOf(text: string | null): number | null {
  if (text === null) return null;
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:?\d{2})$/.test(text)) {
    return null;
  }
  const ms = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
  return Number.isNaN(ms) ? null : ms;
}
