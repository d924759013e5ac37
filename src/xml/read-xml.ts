/**
 * Reads XML into a tree and never throws: what is not well-formed comes back as `unparseable` with the part that was read.
 * No DTD is accepted, so no entity can grow. Sole user of saxes, which tokenises; names, places and bounds are ours.
 */
import { SaxesParser } from "saxes";
import { reasonOf } from "../base/errors.ts";
import { maxXmlBytes, maxXmlDepth } from "../base/limits.ts";
import type {
  Unparseable,
  XmlAside,
  XmlAttribute,
  XmlDocument,
  XmlNode,
  XmlProblem,
} from "./tree.ts";

export interface XmlLimits {
  /** Elements inside elements. */
  readonly depth: number;
  /** UTF-16 units of source. */
  readonly length: number;
  /** Elements, texts and attributes together: what they cost in memory is a hundred times their shortest source. */
  readonly nodes: number;
}

export const defaultXmlLimits: XmlLimits = {
  depth: maxXmlDepth,
  length: maxXmlBytes,
  nodes: 400_000,
};

/** The whole tree, or how far it got. Linear in the length of `text`, bounded by `limits`. */
export function readXml(text: string, limits: Partial<XmlLimits> = {}): XmlDocument | Unparseable {
  const bounds = { ...defaultXmlLimits, ...limits };
  if (text.length > bounds.length) {
    const reason = `longer than ${bounds.length} characters`;
    return { kind: "unparseable", at: 0, reason, partial: null, cut: false, asides: [] };
  }
  return new TreeReader(text, bounds).read();
}

interface OpenElement {
  readonly kind: "element";
  readonly name: string;
  readonly local: string;
  namespace: string;
  readonly attributes: XmlAttribute[];
  readonly children: XmlNode[];
  readonly start: number;
  end: number;
}

/** Thrown inside saxes' callbacks to leave its loop; never leaves this file. */
class Stop extends Error {}

/** What saxes reports and we read past: the tokens around these are still certain. Everything else ends the reading. */
const tolerated = [
  "disallowed character.",
  "malformed character entity.",
  "undefined entity.",
  "duplicate attribute",
  'the string "]]>"',
  "an XML declaration must be at the start",
] as const;
const characterReference = /^&#x?[0-9a-f]{1,8};$/i;
const maxProblems = 8;
/** More faults than this and it is not XML with a flaw, but something else. */
const maxFaults = 1000;
const maxAttributes = 1024;
const xmlNamespace = "http://www.w3.org/XML/1998/namespace";

class TreeReader {
  private readonly text: string;
  private readonly limits: XmlLimits;
  private readonly parser = new SaxesParser();
  private readonly open: OpenElement[] = [];
  /** Prefixes declared by each open element, to be undone when it closes. */
  private readonly declared: (string[] | null)[] = [];
  private readonly bindings = new Map<string, string[]>([["xml", [xmlNamespace]]]);
  private readonly problems: XmlProblem[] = [];
  private readonly asides: XmlAside[] = [];
  private root: OpenElement | null = null;
  private starting: OpenElement | null = null;
  private startingDeclares: string[] | null = null;
  private lastClosed: OpenElement | null = null;
  private nodes = 0;
  private faults = 0;
  /** Where the last complete piece of markup or text ended. */
  private readTo = 0;
  private atEnd = false;
  private endProblem: string | null = null;
  private endedInMarkup = false;

  constructor(text: string, limits: XmlLimits) {
    this.text = text;
    this.limits = limits;
    this.listen();
  }

  read(): XmlDocument | Unparseable {
    try {
      this.parser.write(this.text);
      this.atEnd = true;
      this.parser.close();
    } catch (thrown) {
      return this.stopped(reasonOf(thrown), false);
    }
    if (this.endProblem !== null) return this.stopped(this.endProblem, true);
    if (this.root === null) return this.stopped("no element", false);
    return { kind: "document", root: this.root, problems: this.problems, asides: this.asides };
  }

  private stopped(reason: string, cut: boolean): Unparseable {
    for (const element of this.open) element.end = this.readTo;
    return {
      kind: "unparseable",
      at: this.readTo,
      reason,
      partial: this.root,
      cut: cut && this.root !== null,
      asides: this.asides,
    };
  }

  private listen(): void {
    const { parser } = this;
    parser.on("error", (error) => this.onError(error.message));
    parser.on("doctype", () => {
      throw new Stop("a DOCTYPE is not accepted");
    });
    parser.on("opentagstart", (tag) => this.onTagStart(tag.name));
    parser.on("attribute", ({ name, value }) => this.onAttribute(name, value));
    parser.on("opentag", () => this.onTag());
    parser.on("closetag", () => this.onClose());
    parser.on("text", (text) => this.onText(text));
    parser.on("cdata", (text) => this.onCdata(text));
    parser.on("comment", () => this.onAside("-->"));
    parser.on("processinginstruction", () => this.onAside("?>"));
    parser.on("xmldecl", () => this.onAside("?>"));
  }

  private onError(message: string): void {
    // saxes puts "line:column: " before each message.
    const reason = message.replace(/^\d+:\d+: /, "");
    if (this.atEnd) {
      this.endProblem ??= reason;
      this.endedInMarkup ||= reason === "unexpected end.";
      return;
    }
    const at = this.parser.position - 1;
    this.faults += 1;
    if (this.faults > maxFaults) throw new Stop(`more than ${maxFaults} faults`);
    if (!tolerated.some((start) => reason.startsWith(start))) this.stop(reason);
    if (reason.startsWith("malformed character")) {
      // Between & and ; saxes accepts anything, markup too: read past real references only.
      const reference = this.text.slice(this.text.lastIndexOf("&", at), at + 1);
      if (!characterReference.test(reference)) this.stop(reason);
    }
    this.note(Math.max(0, at), reason);
  }

  private stop(reason: string): never {
    // saxes has closed the element before it says that the tag does not fit.
    if (reason.includes("clos")) {
      this.readTo = this.text.lastIndexOf("<", this.parser.position - 1);
      if (this.lastClosed !== null)
        this.lastClosed.end = Math.min(this.lastClosed.end, this.readTo);
    }
    throw new Stop(reason);
  }

  private note(at: number, reason: string): void {
    if (this.problems.length < maxProblems) this.problems.push({ at, reason });
  }

  private count(): void {
    this.nodes += 1;
    if (this.nodes > this.limits.nodes) throw new Stop(`more than ${this.limits.nodes} nodes`);
  }

  private onTagStart(name: string): void {
    if (this.open.length >= this.limits.depth) {
      throw new Stop(`nested deeper than ${this.limits.depth}`);
    }
    this.count();
    this.startingDeclares = null;
    this.starting = {
      kind: "element",
      name,
      local: localOf(name),
      namespace: "",
      attributes: [],
      children: [],
      start: this.text.lastIndexOf("<", this.parser.position - 1),
      end: 0,
    };
  }

  private onAttribute(name: string, value: string): void {
    const element = this.starting;
    if (element === null) return;
    this.count();
    if (element.attributes.length >= maxAttributes) {
      throw new Stop(`more than ${maxAttributes} attributes`);
    }
    const end = this.parser.position - 1;
    const quote = this.text[end] ?? '"';
    const start = end === 0 ? 0 : this.text.lastIndexOf(quote, end - 1) + 1;
    element.attributes.push({ name, local: localOf(name), value, start, end });
    if (name === "xmlns") this.bindPrefix("", value.trim());
    else if (name.startsWith("xmlns:")) this.bindPrefix(name.slice(6), value.trim());
  }

  private bindPrefix(prefix: string, uri: string): void {
    this.startingDeclares ??= [];
    this.startingDeclares.push(prefix);
    const stack = this.bindings.get(prefix);
    if (stack === undefined) this.bindings.set(prefix, [uri]);
    else stack.push(uri);
  }

  private onTag(): void {
    const element = this.starting;
    if (element === null) return;
    this.starting = null;
    this.readTo = this.parser.position;
    element.namespace = this.namespaceOf(element);
    const parent = this.open.at(-1);
    if (parent === undefined) this.root ??= element;
    else parent.children.push(element);
    this.open.push(element);
    this.declared.push(this.startingDeclares);
  }

  private namespaceOf(element: OpenElement): string {
    const { name, local } = element;
    const prefix = local.length === name.length ? "" : name.slice(0, -local.length - 1);
    const uri = this.bindings.get(prefix)?.at(-1);
    if (uri === undefined && prefix !== "") this.note(element.start, `undeclared prefix ${prefix}`);
    return uri ?? "";
  }

  private onClose(): void {
    const element = this.open.pop();
    if (element === undefined) return;
    this.lastClosed = element;
    element.end = this.parser.position;
    this.readTo = element.end;
    for (const prefix of this.declared.pop() ?? []) this.bindings.get(prefix)?.pop();
  }

  private onText(text: string): void {
    // Text that ended inside a reference is not whole: it stays unread.
    if (this.endedInMarkup) return;
    const start = this.readTo;
    this.readTo = this.atEnd ? this.text.length : this.parser.position - 1;
    this.pushText(text, start, this.readTo, false);
  }

  private onCdata(text: string): void {
    const start = this.readTo + "<![CDATA[".length;
    this.readTo = this.parser.position;
    this.pushText(text, start, this.readTo - "]]>".length, true);
  }

  private pushText(text: string, start: number, end: number, cdata: boolean): void {
    const parent = this.open.at(-1);
    if (parent === undefined) return;
    this.count();
    parent.children.push({ kind: "text", text, start, end, cdata });
  }

  private onAside(ending: string): void {
    this.count();
    const start = this.readTo;
    const from = Math.max(start, this.parser.position - ending.length);
    const found = this.text.indexOf(ending, from);
    this.readTo = found === -1 ? this.parser.position : found + ending.length;
    this.asides.push({ start, end: this.readTo });
  }
}

const localOf = (name: string): string => name.slice(name.indexOf(":") + 1);
