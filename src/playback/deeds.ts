/** Which of a client's deeds a stanza of the server's answers, and where in the sign-in something happened. */
import { attributeOf, type XmlElement } from "../xml/tree.ts";
import { idOf } from "./body-parts.ts";
import type { Deed, Item } from "./recorded-session.ts";

const sameMomentMs = 250;

/** A step of signing in. */
export const isSignIn = (kind: string): boolean =>
  ["create", "open", "restart", "auth", "presence"].includes(kind) ||
  kind.startsWith("iq set bind ");

/** Index of the last step before an instant; 0 = the first deed. */
export function stepBefore(at: number, deeds: readonly Deed[]): number {
  return Math.max(
    0,
    deeds.findLastIndex((deed) => deed.isStep && deed.at <= at),
  );
}

/** Index of the deed; null = it answers none. */
export function deedAnswered(
  element: XmlElement,
  at: number,
  deeds: readonly Deed[],
): number | null {
  const last = (isIt: (deed: Deed) => boolean): number | null => {
    const index = deeds.findLastIndex((deed) => deed.at <= at && isIt(deed));
    return index < 0 ? null : index;
  };
  switch (element.local) {
    case "iq": {
      const type = attributeOf(element, "type");
      const id = idOf(element);
      if (id === null || (type !== "result" && type !== "error")) return null;
      return last((deed) => deed.id === id && deed.kind.startsWith("iq "));
    }
    case "success":
    case "failure":
    case "challenge":
      return last(({ kind }) => kind === "auth" || kind === "response");
    case "open":
    case "features":
      return last(({ kind }) => kind === "restart" || kind === "open");
    case "close":
      return last(({ kind }) => kind === "close");
    default:
      return null;
  }
}

/** Of the REST request whose outcome a notification tells. */
export const requestIdIn = (text: string): string | null =>
  /(?:<|&lt;)requestId(?:>|&gt;)([\w-]{8,64})(?:<|&lt;)\//.exec(text)?.[1] ?? null;

/** What was said in the same moment as the outcome of a request is an outcome of it, too: the state after the call, say. */
export function joinCauses(items: Item[]): void {
  let cause: { readonly at: number; readonly change: string } | null = null;
  items.forEach((item, index) => {
    if (item.kind !== "stanza" || item.deed !== null) return;
    const { at, change } = item;
    if (change !== null) cause = { at, change };
    else if (cause !== null && at - cause.at <= sameMomentMs)
      items[index] = { ...item, change: cause.change };
  });
}
