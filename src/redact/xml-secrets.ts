/** Secrets in XML: SASL payloads, elements and attributes with a secret's name, and whatever hides in other values. */
import { readXml } from "../xml/read-xml.ts";
import type { XmlAside, XmlElement, XmlText } from "../xml/tree.ts";
import { redactNamed, redactSasl } from "./credentials.ts";
import type { Edit } from "./edits.ts";
import { applyEdits } from "./edits.ts";
import type { Redacted, Scrub } from "./scrub.ts";
import { beforeRest, unreadableRest } from "./scrub.ts";
import { isSecretName } from "./secret-names.ts";

const saslNamespace = "urn:ietf:params:xml:ns:xmpp-sasl";
const saslElements = new Set(["auth", "response", "challenge", "success", "abort"]);
/** SASL's second version (XEP-0388) has its payloads in elements of their own, and says more in `<success>`. */
const sasl2Namespace = "urn:xmpp:sasl:2";
const sasl2Elements = new Set(["initial-response", "response", "challenge", "additional-data"]);

export interface XmlOptions {
  /** In XMPP `<response>` is SASL's whatever namespace it claims; elsewhere it may be anyone's. */
  readonly isXmpp: boolean;
  /** A document cut short is read as far as it goes; off where the text may not be XML at all. */
  readonly acceptCut: boolean;
}

/** The XML with its secrets replaced, or null when it can't be read. */
export function redactXml(text: string, scrub: Scrub, options: XmlOptions): Redacted {
  const source = beforeRest(text);
  const read = readXml(source);
  if (read.kind === "unparseable" && !(read.cut && options.acceptCut)) return null;
  const root = read.kind === "document" ? read.root : read.partial;
  if (root === null) return null;
  const edits: Edit[] = [];
  const walk = new Walk(source, scrub, options.isXmpp, edits);
  walk.element(root, false);
  for (const aside of read.asides) walk.aside(aside);
  if (read.kind === "unparseable" && read.at < source.length) {
    edits.push({ start: read.at, end: source.length, text: unreadableRest });
  }
  return applyEdits(source, edits) + text.slice(source.length);
}

class Walk {
  private readonly source: string;
  private readonly scrub: Scrub;
  private readonly isXmpp: boolean;
  private readonly edits: Edit[];

  constructor(source: string, scrub: Scrub, isXmpp: boolean, edits: Edit[]) {
    this.source = source;
    this.scrub = scrub;
    this.isXmpp = isXmpp;
    this.edits = edits;
  }

  /** `inside`: below an element with a secret's name, where all text is the secret. Depth is bounded by the reader. */
  element(element: XmlElement, inside: boolean): void {
    const secret = inside || isSecretElement(element) || hasSecretName(element);
    const sasl = this.isSasl(element);
    const namesValue = namesSecret(element);
    this.attributes(element, secret);
    if (sasl || secret) {
      this.secretText(
        element,
        sasl ? redactSasl : (text) => redactNamed(element.local, text, this.scrub),
      );
    }
    for (const child of element.children) {
      if (child.kind === "element")
        this.element(child, secret || (namesValue && child.local.toLowerCase() === "value"));
      else if (!sasl && !secret) this.edit(child, this.scrub.nested(child.text));
    }
  }

  aside(aside: XmlAside): void {
    const raw = this.source.slice(aside.start, aside.end);
    const redacted = this.scrub.nested(raw);
    if (redacted !== raw) this.edits.push({ ...aside, text: redacted });
  }

  private isSasl(element: XmlElement): boolean {
    if (element.namespace === sasl2Namespace) return sasl2Elements.has(element.local);
    if (element.local === "initial-response") return true;
    if (!saslElements.has(element.local)) return false;
    if (this.isXmpp || element.namespace === saslNamespace) return true;
    return element.attributes.some((attribute) => attribute.local === "mechanism");
  }

  /** Comments may split a secret: the texts count as one. */
  private secretText(element: XmlElement, redact: (text: string, scrub: Scrub) => string): void {
    const texts = element.children.filter((child) => child.kind === "text");
    const whole = texts.map((child) => child.text).join("");
    if (whole.trim() === "") return;
    const redacted = redact(whole, this.scrub);
    if (redacted === whole) return;
    for (const [index, child] of texts.entries()) this.edit(child, index === 0 ? redacted : "");
  }

  private attributes(element: XmlElement, inside: boolean): void {
    for (const { name, local, value, start, end } of element.attributes) {
      if (value === "" || name === "xmlns" || name.startsWith("xmlns:")) continue;
      const secret = isSecretName(local) || (inside && local === "value");
      const redacted = secret ? redactNamed(local, value, this.scrub) : this.scrub.nested(value);
      if (redacted !== value) this.edits.push({ start, end, text: escapeAttribute(redacted) });
    }
  }

  private edit(node: XmlText, redacted: string): void {
    if (redacted === node.text) return;
    const text = node.cdata ? redacted.replaceAll("]]>", "]]&gt;") : escapeText(redacted);
    this.edits.push({ start: node.start, end: node.end, text });
  }
}

/** Also XMPP's login before SASL (XEP-0078), whose digest is all that a server asks for. */
function isSecretElement({ local, namespace }: XmlElement): boolean {
  return isSecretName(local) || (namespace === "jabber:iq:auth" && local === "digest");
}

/** `<member><name>password</name><value>…</value></member>` */
function namesSecret({ children }: XmlElement): boolean {
  if (children.length < 2) return false;
  return children.some(
    (child) =>
      child.kind === "element" && isNameElement(child.local) && isSecretName(wordIn(child)),
  );
}

function isNameElement(local: string): boolean {
  return local.length === 4 ? /^name$/i.test(local) : local.length === 3 && /^key$/i.test(local);
}

function wordIn({ children }: XmlElement): string {
  const [only] = children;
  return children.length === 1 && only?.kind === "text" ? only.text.trim() : "";
}

/** `<param name="password" value="…"/>` */
function hasSecretName(element: XmlElement): boolean {
  return element.attributes.some(
    ({ local, value }) => (local === "name" || local === "key") && isSecretName(value),
  );
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\r": "&#13;",
  "\n": "&#10;",
  "\t": "&#9;",
};

export function escapeAttribute(text: string): string {
  return text.replace(/[&<>"'\r\n\t]/g, (char) => escapes[char] ?? char);
}

function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, (char) => escapes[char] ?? char);
}
