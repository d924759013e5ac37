/** Where two XML texts differ, by the paths of their values. */
import type { Pair } from "../domain/comparison.ts";
import { readXml } from "../xml/read-xml.ts";
import type { XmlElement, XmlNode } from "../xml/tree.ts";
import { compareMaps, differs } from "./pairs.ts";

const maxNested = 3;

/** Values that differ, each by its path: `body/@rid`, `body/message[2]/event/…`. Text that only lays out siblings does not count. */
export const compareXml = (left: string, right: string): readonly Pair[] =>
  compareMaps(xmlValues(left), xmlValues(right)).filter(differs);

/** Of text that is no XML: none. Of half a document: what was read of it. */
export function xmlValues(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const root = rootOf(text);
  if (root !== null) collect([root], "", values, 0);
  return values;
}

function rootOf(text: string): XmlElement | null {
  if (!/^\s*</.test(text)) return null;
  const document = readXml(text);
  return document.kind === "document" ? document.root : document.partial;
}

function collect(
  nodes: readonly XmlNode[],
  path: string,
  values: Map<string, string>,
  nested: number,
): void {
  const seen = new Map<string, number>();
  for (const node of nodes) {
    if (node.kind === "element") {
      const count = (seen.get(node.name) ?? 0) + 1;
      seen.set(node.name, count);
      collectElement(node, `${path}${node.name}${count === 1 ? "" : `[${count}]`}`, values, nested);
    } else if (node.text.trim() !== "") {
      const key = path.endsWith("/") ? path.slice(0, -1) : path;
      values.set(key, (values.get(key) ?? "") + node.text.trim());
    }
  }
}

function collectElement(
  element: XmlElement,
  path: string,
  values: Map<string, string>,
  nested: number,
): void {
  for (const { name, value } of element.attributes) values.set(`${path}/@${name}`, value);
  const inner = nested < maxNested ? unfolded(element) : null;
  const children = inner === null ? element.children : [inner];
  // An element with nothing in it is there all the same.
  if (children.length === 0 && element.attributes.length === 0) values.set(path, "");
  collect(children, `${path}/`, values, inner === null ? nested : nested + 1);
}

/** The XML escaped inside an element's text, as Finesse packs its `<Update>` into a `<notification>`. */
function unfolded({ children }: XmlElement): XmlElement | null {
  const texts = children.flatMap((child) => (child.kind === "text" ? [child.text] : []));
  return texts.length === children.length && texts.length > 0 ? rootOf(texts.join("")) : null;
}
