/** What the console does not send, as it would harm the agent it looks at. */
import { elementsIn, textOf, type XmlElement } from "../xml/tree.ts";
import { namespaces } from "../xmpp/namespaces.ts";

/** The Finesse desktop's own. The Notification Service ends the older session of a resource that is bound twice. */
export const desktopResource = "desktop";

/** Servers compare resources after preparation; letters' case and spaces around are not worth the risk. */
export const isDesktopResource = (resource: string): boolean =>
  resource.trim().normalize("NFKC").toLowerCase() === desktopResource;

/** Why it is not sent, in words, or null. */
export function whyForbidden(stanza: XmlElement): string | null {
  if (!["iq", "message", "presence"].includes(stanza.local))
    return `<${stanza.local}> is no stanza: iq, message and presence are`;
  const bind = elementsIn(stanza).find(
    ({ local, namespace }) => local === "bind" && namespace === namespaces.bind,
  );
  if (bind !== undefined && elementsIn(bind).some((one) => isDesktopResource(textOf(one))))
    return "it binds the resource desktop: the server would end the agent's own session (conflict)";
  return null;
}
