/** The Finesse web application signs in to its own notification service as user `finesse`; desktops watch its presence. */
import { parseJid } from "./jid.ts";
import type { Stanza } from "./stanza.ts";

/** Whether the web application just came or went; null when the stanza is not about it. Gone while polls are answered = Tomcat is down. */
export function finessePresenceOf(stanza: Stanza): "available" | "unavailable" | null {
  if (stanza.kind !== "presence" || stanza.from === null) return null;
  if (parseJid(stanza.from)?.local?.toLowerCase() !== "finesse") return null;
  if (stanza.available) return "available";
  return stanza.type === "unavailable" ? "unavailable" : null;
}
