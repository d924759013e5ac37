/**
 * Reads XML into a tree for people to look at, tolerantly: what was read before an error stays, with the place of the error.
 * No DTD at all, no entity but the five and numbers, bounded depth and size: the bytes come from strangers.
 */

export interface XmlAttribute {
  readonly name: string;
  readonly value: string;
}

export interface XmlElement {
  readonly kind: "element";
  readonly name: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: XmlNode[];
  /** How it ends in the text: by its own end tag, within its start tag, or not at all (a cut body). */
  readonly end: "tag" | "self" | "missing";
}

/** While it is being read its end is not known yet. */
type OpenElement = Omit<XmlElement, "end"> & { end: XmlElement["end"] };

export type XmlNode =
  | XmlElement
  | { readonly kind: "text" | "cdata" | "comment" | "instruction"; readonly text: string };

export type XmlFault =
  | "empty"
  | "doctype"
  | "truncated"
  | "mismatched-tag"
  | "unexpected-text"
  | "bad-tag"
  | "bad-attribute"
  | "bad-entity"
  | "too-deep"
  | "too-many";

export interface XmlProblem {
  readonly fault: XmlFault;
  /** Offset in the text, and the same as line and column from 1. */
  readonly at: number;
  readonly line: number;
  readonly column: number;
}

export interface XmlTree {
  readonly roots: readonly XmlNode[];
  /** Elements and texts read. */
  readonly nodes: number;
  readonly problem: XmlProblem | null;
}

const maxDepth = 256;
const maxNodes = 200_000;
const maxNested = 3;
const attribute = /\s+([^\s=<>"'/]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const tagName = /[A-Za-z_:\u0080-\uffff][^\s/><="']*/y;
const tagEnd = /\s*(\/?)>/y;
const entities: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

class Unreadable extends Error {
  readonly fault: XmlFault;
  readonly at: number;
  constructor(fault: XmlFault, at: number) {
    super(fault);
    this.fault = fault;
    this.at = at;
  }
}

class Reader {
  readonly source: string;
  readonly roots: XmlNode[] = [];
  readonly open: OpenElement[] = [];
  at = 0;
  nodes = 0;

  constructor(source: string) {
    this.source = source;
  }

  run(): void {
    this.at = this.source.startsWith("\uFEFF") ? 1 : 0;
    while (this.at < this.source.length) {
      if (this.source[this.at] === "<") this.#markup();
      else this.#text();
    }
    if (this.open.length > 0) throw new Unreadable("truncated", this.source.length);
    if (!this.roots.some((node) => node.kind === "element")) throw new Unreadable("empty", 0);
  }

  #markup(): void {
    const { source, at } = this;
    if (source.startsWith("<!--", at)) this.#until("-->", 4, "comment");
    else if (source.startsWith("<![CDATA[", at)) this.#until("]]>", 9, "cdata");
    else if (source.startsWith("<?", at)) this.#until("?>", 2, "instruction");
    else if (source.startsWith("<!", at)) throw new Unreadable(this.#declaration(), at);
    else if (source.startsWith("</", at)) this.#close();
    else this.#element();
  }

  #declaration(): XmlFault {
    const rest = this.source.slice(this.at, this.at + 9).toUpperCase();
    return "<!DOCTYPE".startsWith(rest) && rest.length < 9
      ? "truncated"
      : rest === "<!DOCTYPE"
        ? "doctype"
        : "bad-tag";
  }

  #until(end: string, skip: number, kind: "comment" | "cdata" | "instruction"): void {
    const to = this.source.indexOf(end, this.at + skip);
    if (to < 0) throw new Unreadable("truncated", this.at);
    this.#add({ kind, text: this.source.slice(this.at + skip, to) });
    this.at = to + end.length;
  }

  #close(): void {
    const to = this.source.indexOf(">", this.at);
    if (to < 0) throw new Unreadable("truncated", this.at);
    const name = this.source.slice(this.at + 2, to).trimEnd();
    const element = this.open.at(-1);
    if (element?.name !== name) throw new Unreadable("mismatched-tag", this.at);
    element.end = "tag";
    this.open.pop();
    this.at = to + 1;
  }

  #element(): void {
    const start = this.at;
    tagName.lastIndex = start + 1;
    const name = tagName.exec(this.source)?.[0];
    if (name === undefined) throw this.#cutOr("bad-tag", start);
    const attributes = this.#attributes(start + 1 + name.length);
    tagEnd.lastIndex = this.at;
    const closing = tagEnd.exec(this.source)?.[1];
    if (closing === undefined) throw this.#cutOr("bad-attribute", this.at);
    const end = closing === "/" ? "self" : "missing";
    const element: OpenElement = { kind: "element", name, attributes, children: [], end };
    this.#add(element);
    this.at = tagEnd.lastIndex;
    if (end === "self") return;
    if (this.open.length >= maxDepth) throw new Unreadable("too-deep", start);
    this.open.push(element);
  }

  /** Reads attributes from `from` and moves behind the last one. */
  #attributes(from: number): XmlAttribute[] {
    const attributes: XmlAttribute[] = [];
    this.at = from;
    for (;;) {
      attribute.lastIndex = this.at;
      const match = attribute.exec(this.source);
      if (match === null) return attributes;
      const value = decodeText(match[2] ?? match[3] ?? "", this.at);
      attributes.push({ name: match[1] ?? "", value });
      this.at = attribute.lastIndex;
    }
  }

  #text(): void {
    const next = this.source.indexOf("<", this.at);
    const to = next < 0 ? this.source.length : next;
    const raw = this.source.slice(this.at, to);
    if (this.open.length === 0) {
      if (raw.trim() !== "") throw new Unreadable("unexpected-text", this.at);
    } else {
      this.#add({ kind: "text", text: decodeText(raw, this.at) });
    }
    this.at = to;
  }

  /** A tag without its end is a cut body; one with an end is a broken tag. */
  #cutOr(fault: XmlFault, at: number): Unreadable {
    return new Unreadable(this.source.indexOf(">", at) < 0 ? "truncated" : fault, at);
  }

  #add(node: XmlNode): void {
    this.nodes += 1;
    if (this.nodes > maxNodes) throw new Unreadable("too-many", this.at);
    (this.open.at(-1)?.children ?? this.roots).push(node);
  }
}

function decodeText(raw: string, at: number): string {
  if (!raw.includes("&")) return raw;
  return raw.replaceAll(/&([^;&\s]{0,32});?/g, (whole, name: string, offset: number) => {
    const text = whole.endsWith(";") ? (entities[name] ?? numeric(name)) : undefined;
    if (text === undefined) throw new Unreadable("bad-entity", at + offset);
    return text;
  });
}

function numeric(name: string): string | undefined {
  const match = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(name);
  if (match === null) return undefined;
  const code = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16);
  return code > 0x10ffff ? undefined : String.fromCodePoint(code);
}

/** Total on any text: never throws, never hangs. */
export function readXml(source: string): XmlTree {
  const reader = new Reader(source);
  let problem: XmlProblem | null = null;
  try {
    reader.run();
  } catch (thrown) {
    if (!(thrown instanceof Unreadable)) throw thrown;
    problem = { fault: thrown.fault, at: thrown.at, ...lineAndColumn(source, thrown.at) };
  }
  return { roots: reader.roots, nodes: reader.nodes, problem };
}

/** Line and column from 1 of an offset. */
export function lineAndColumn(source: string, at: number): { line: number; column: number } {
  const before = source.slice(0, at);
  const lastBreak = before.lastIndexOf("\n");
  return { line: before.split("\n").length, column: at - lastBreak };
}

/** The XML escaped inside an element's text, as Finesse packs its `<Update>` into a pubsub `<notification>`; null when there is none. */
export function unfold(element: XmlElement, nested = 0): XmlTree | null {
  if (nested >= maxNested || element.children.length === 0) return null;
  if (element.children.some((child) => child.kind !== "text" && child.kind !== "cdata"))
    return null;
  const text = element.children
    .map((child) => (child.kind === "element" ? "" : child.text))
    .join("");
  if (!/^\s*<[A-Za-z_?!/]/.test(text)) return null;
  const tree = readXml(text);
  return tree.roots.some((node) => node.kind === "element") ? tree : null;
}

/** True for text that only lays out its siblings. */
export function isBlank(node: XmlNode): boolean {
  return node.kind === "text" && node.text.trim() === "";
}
