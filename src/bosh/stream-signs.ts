/** What a body's elements say about the session's progress (XEP-0206): names alone; what stanzas say beyond that is xmpp's business. */
import type { XmlElement } from "../xml/tree.ts";
import { attributeOf, elementsIn, textOf } from "../xml/tree.ts";
import type { BoshBody } from "./bosh-body.ts";

export type StreamSign =
  | { readonly kind: "authenticated" }
  | { readonly kind: "authentication-failed"; readonly condition: string }
  | { readonly kind: "bound"; readonly jid: string }
  | { readonly kind: "stream-error"; readonly condition: string };

const sasl = "urn:ietf:params:xml:ns:xmpp-sasl";
const bind = "urn:ietf:params:xml:ns:xmpp-bind";
const streams = "http://etherx.jabber.org/streams";
const none: readonly StreamSign[] = [];

/** Signs in the order of the stanzas. */
export function streamSignsIn(body: BoshBody): readonly StreamSign[] {
  if (body.empty) return none;
  let signs: StreamSign[] | null = null;
  for (const stanza of body.stanzas) {
    const sign = signOf(stanza);
    if (sign === null) continue;
    signs ??= [];
    signs.push(sign);
  }
  return signs ?? none;
}

function signOf(stanza: XmlElement): StreamSign | null {
  switch (stanza.local) {
    case "success":
      return stanza.namespace === sasl ? { kind: "authenticated" } : null;
    case "failure":
      return stanza.namespace === sasl
        ? { kind: "authentication-failed", condition: conditionIn(stanza) }
        : null;
    case "error":
      return stanza.namespace === streams || stanza.name === "stream:error"
        ? { kind: "stream-error", condition: conditionIn(stanza) }
        : null;
    case "iq":
      return bindResult(stanza);
    default:
      return null;
  }
}

function bindResult(iq: XmlElement): StreamSign | null {
  for (const child of elementsIn(iq)) {
    if (child.local !== "bind" || child.namespace !== bind) continue;
    const jid = elementsIn(child).find((element) => element.local === "jid");
    if (jid !== undefined) return { kind: "bound", jid: textOf(jid).trim() };
  }
  return null;
}

/** The full JID an answer's stanza is for; null when none says. Names the client of a session whose bind was not seen. */
export function addresseeIn(body: BoshBody): string | null {
  for (const stanza of body.stanzas) {
    const to = attributeOf(stanza, "to");
    if (to?.includes("@") === true) return to;
  }
  return null;
}

/** The first element inside names the condition. */
const conditionIn = (element: XmlElement): string =>
  elementsIn(element).find((child) => child.local !== "text")?.local ?? "";
