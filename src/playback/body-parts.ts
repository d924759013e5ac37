/** Takes the text of a BOSH `<body>` apart, and puts it together for another session, without writing a stanza anew. */
import { readXml } from "../xml/read-xml.ts";
import { attributeOf, elementsIn, type XmlElement } from "../xml/tree.ts";

export interface BodyPart {
  readonly element: XmlElement;
  /** As it stood in the source. */
  readonly text: string;
}

export interface BodyParts {
  /** `<body …>` or `<body …/>`, as it stood. */
  readonly head: string;
  readonly stanzas: readonly BodyPart[];
}

/** null = no XML, or another root. */
export function partsOf(text: string): BodyParts | null {
  const document = readXml(text);
  if (document.kind === "unparseable" || document.root.local !== "body") return null;
  const { root } = document;
  const stanzas = elementsIn(root).map((element) => ({
    element,
    text: text.slice(element.start, element.end),
  }));
  return { head: text.slice(root.start, headEnd(text, root)), stanzas };
}

function headEnd(text: string, root: XmlElement): number {
  const from = root.attributes.at(-1)?.end ?? root.start;
  return text.indexOf(">", from) + 1;
}

/** One `<body>` around stanzas. An empty one keeps the form the head had: `<body/>` or `<body></body>`. */
export function composeBody(head: string, stanzas: readonly string[]): string {
  const isClosed = head.endsWith("/>");
  if (isClosed && stanzas.length === 0) return head;
  const open = isClosed ? `${head.slice(0, -2)}>` : head;
  return `${open}${stanzas.join("")}</body>`;
}

/** The head's attributes of that name get another value; one that is not there is not added. */
export function withAttribute(head: string, names: string, value: string): string {
  const pattern = new RegExp(`(\\s(?:${names})=)(["'])[^"']*\\2`, "g");
  return head.replaceAll(
    pattern,
    (_all, start: string, quote: string) => `${start}${quote}${value}${quote}`,
  );
}

/** What a client does with a stanza, so that the same deed is known again: `iq set bind urn:…`, `presence`, `auth`. */
export function deedOf(stanza: XmlElement): string {
  const type = attributeOf(stanza, "type") ?? "";
  const [inner] = elementsIn(stanza);
  if (stanza.local !== "iq") return type === "" ? stanza.local : `${stanza.local} ${type}`;
  const node = inner === undefined ? "" : pubsubNodeOf(inner);
  return `iq ${type} ${inner?.local ?? ""} ${inner?.namespace ?? ""}${node}`;
}

/** Subscriptions differ by the node they are for. */
function pubsubNodeOf(element: XmlElement): string {
  const [inner] = elementsIn(element);
  const node = inner === undefined ? null : attributeOf(inner, "node");
  return node === null ? "" : ` ${inner?.local} ${node}`;
}

export const idOf = (stanza: XmlElement): string | null => attributeOf(stanza, "id");

/** The stanza with another id of its own. */
export function withId(text: string, id: string): string {
  const end = text.indexOf(">");
  const escaped = id
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");
  return withAttribute(text.slice(0, end), "id", escaped) + text.slice(end);
}
