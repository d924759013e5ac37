/** Who sent a request, as its head says: the user of its credentials, and its session cookies as keyed hashes. */
import { headerOf } from "../keep-message.ts";

/** Cookies that a Finesse session hangs on (Tomcat's, and its single sign-on's). */
const sessionCookie = /(?:^|;\s*)(JSESSIONIDSSO|JSESSIONID|cc_username)=([^;]+)/gi;
const maxUser = 100;

/** Login id of HTTP Basic credentials, without its password; null when there are none, or a key stands alone in their place. */
export function userOf(head: string): string | null {
  const match = /^basic\s+([a-z0-9+/=_-]+)\s*$/i.exec(headerOf(head, "authorization") ?? "");
  if (match === null) return null;
  const pair = Buffer.from(match[1] ?? "", "base64").toString("utf8");
  const colon = pair.indexOf(":");
  if (colon === -1 || colon === pair.length - 1) return null;
  const name = pair.slice(0, colon).trim();
  return name === "" || name.length > maxUser || /\p{Cc}/u.test(name) ? null : name;
}

/** The session cookies of a request, or those an answer sets; each with its host, as Tomcat's ids mean nothing elsewhere. */
export function cookiesOf(
  head: string,
  host: string,
  hash: (bytes: Uint8Array) => string,
): readonly string[] {
  const found: string[] = [];
  const text = head.includes("ookie") || head.includes("OOKIE") ? head : "";
  for (const line of text.split("\r\n")) {
    const value = /^(?:set-)?cookie:\s*(.*)$/i.exec(line)?.[1];
    if (value === undefined) continue;
    for (const [, name = "", secret = ""] of value.matchAll(sessionCookie)) {
      found.push(hash(Buffer.from(`${host} ${name} ${secret}`)));
    }
  }
  return found;
}
