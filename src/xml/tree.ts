/** The tree that `readXml` gives: elements and text with their places in the source, so that readers can point at what they read. */

export interface XmlText {
  readonly kind: "text";
  /** Decoded: references resolved, line ends normalised. */
  readonly text: string;
  /** Offsets of the raw text in the source; a CDATA section's offsets leave out its brackets. */
  readonly start: number;
  readonly end: number;
  readonly cdata: boolean;
}

export interface XmlAttribute {
  /** As written, with its prefix. */
  readonly name: string;
  readonly local: string;
  /** Decoded. */
  readonly value: string;
  /** Offsets of the raw value, without quotes. */
  readonly start: number;
  readonly end: number;
}

export interface XmlElement {
  readonly kind: "element";
  /** As written, with its prefix. */
  readonly name: string;
  readonly local: string;
  /** Namespace URI; "" when there is none, or when the prefix was never declared. */
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
  /** Offset of `<`. */
  readonly start: number;
  /** Offset after the last `>`; in a partial tree, where reading stopped. */
  readonly end: number;
}

export type XmlNode = XmlElement | XmlText;

/** Something a strict parser refuses and this one reads past, such as a forbidden character or an undeclared prefix. */
export interface XmlProblem {
  readonly at: number;
  readonly reason: string;
}

/** A comment, processing instruction or XML declaration: no reader wants it, but it is part of the source. */
export interface XmlAside {
  readonly start: number;
  readonly end: number;
}

export interface XmlDocument {
  readonly kind: "document";
  readonly root: XmlElement;
  /** The first few. */
  readonly problems: readonly XmlProblem[];
  readonly asides: readonly XmlAside[];
}

export interface Unparseable {
  readonly kind: "unparseable";
  /** Offset up to which the source was understood. */
  readonly at: number;
  readonly reason: string;
  /** What was understood before `at`: elements that were still open end there. */
  readonly partial: XmlElement | null;
  /** True when nothing was wrong but the text ended too early, as a body does that was cut. */
  readonly cut: boolean;
  readonly asides: readonly XmlAside[];
}

/** Value of the attribute with that name as written, or null. */
export function attributeOf(element: XmlElement, name: string): string | null {
  for (const attribute of element.attributes) {
    if (attribute.name === name) return attribute.value;
  }
  return null;
}

/** The element's children that are elements. */
export function elementsIn(element: XmlElement): readonly XmlElement[] {
  return element.children.filter((child) => child.kind === "element");
}

/** All text below the element, in document order. */
export function textOf(element: XmlElement): string {
  const parts: string[] = [];
  const collect = (parent: XmlElement) => {
    for (const child of parent.children) {
      if (child.kind === "text") parts.push(child.text);
      else collect(child);
    }
  };
  collect(element);
  return parts.join("");
}
