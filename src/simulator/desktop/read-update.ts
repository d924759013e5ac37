/** Reads what a desktop takes from a notification: states, calls, service status, and whose request it answers. */
import { readXml } from "../../xml/read-xml.ts";
import { attributeOf, elementsIn, textOf, type XmlElement } from "../../xml/tree.ts";

export interface SeenUpdate {
  readonly node: string;
  readonly event: string;
  readonly requestId: string;
  /** Of a user. */
  readonly state: string | null;
  readonly dialog: { readonly id: string; readonly state: string } | null;
  /** Of the system. */
  readonly status: string | null;
  readonly failure: string | null;
}

const find = (element: XmlElement, local: string): XmlElement | null => {
  for (const child of elementsIn(element)) {
    const found = child.local === local ? child : find(child, local);
    if (found !== null) return found;
  }
  return null;
};

const textIn = (element: XmlElement | null, local: string): string | null => {
  const found = element === null ? null : find(element, local);
  return found === null ? null : textOf(found);
};

/** The update in a pubsub message; null for what is none, or can't be read. */
export function readUpdate(message: XmlElement): SeenUpdate | null {
  const items = find(message, "items");
  const notification = items === null ? null : find(items, "notification");
  if (items === null || notification === null) return null;
  const document = readXml(textOf(notification));
  if (document.kind === "unparseable") return null;
  const { root } = document;
  const data = find(root, "data");
  return {
    node: attributeOf(items, "node") ?? "",
    event: textIn(root, "event") ?? "",
    requestId: textIn(root, "requestId") ?? "",
    state: textUnder(data, "user", "state"),
    dialog: readDialog(data),
    status: textUnder(data, "systemInfo", "status"),
    failure: textUnder(data, "apiErrors", "ErrorMessage"),
  };
}

const textUnder = (data: XmlElement | null, parent: string, local: string): string | null =>
  textIn(data === null ? null : find(data, parent), local);

function readDialog(data: XmlElement | null): SeenUpdate["dialog"] {
  const dialog = data === null ? null : find(data, "Dialog");
  if (dialog === null) return null;
  return { id: textIn(dialog, "id") ?? "", state: textIn(dialog, "state") ?? "" };
}

/** One element's text in a REST answer; null when there is none. */
export function fieldOf(body: string, local: string): string | null {
  const document = readXml(body);
  return document.kind === "unparseable" ? null : textIn(document.root, local);
}
