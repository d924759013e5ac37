/** Addresses of XMPP: `local@domain/resource`, of which only the domain must be there. */

export interface Jid {
  readonly local: string | null;
  readonly domain: string;
  readonly resource: string | null;
}

/** RFC 7622: each part up to 1023 bytes; longer is no address. */
const maxLength = 3071;

/** The parts as written, or null when there is no domain. No normalisation: what the wire says is what is shown. */
export function parseJid(text: string): Jid | null {
  if (text.length > maxLength) return null;
  const slash = text.indexOf("/");
  const bare = slash === -1 ? text : text.slice(0, slash);
  const resource = slash === -1 ? null : text.slice(slash + 1);
  const at = bare.indexOf("@");
  const local = at === -1 ? null : bare.slice(0, at);
  const domain = bare.slice(at + 1);
  if (domain === "" || local === "" || resource === "" || domain.includes("@")) return null;
  return { local, domain, resource };
}

/** The address without its resource, as written. */
export function bareJidOf(text: string): string {
  const slash = text.indexOf("/");
  return slash === -1 ? text : text.slice(0, slash);
}

/** The part before `@`: in Finesse the agent's id. null when there is none. */
export const localPartOf = (text: string | null): string | null =>
  text === null ? null : (parseJid(text)?.local ?? null);
