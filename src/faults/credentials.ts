/** Login ids inside credentials. Passwords are never kept or returned. */

const maxUser = 100;
/** A password or token is shorter. */
const maxAuth = 16_384;

/** Of HTTP Basic credentials; null when the value is something else. */
export function basicUserOf(authorization: string | null): string | null {
  const match = /^basic\s+([a-z0-9+/=]+)\s*$/i.exec(authorization ?? "");
  const text = match?.[1] === undefined ? null : decoded(match[1]);
  return text === null ? null : userFrom(text.slice(0, Math.max(0, text.indexOf(":"))));
}

/** Of a SASL PLAIN `<auth>` in a body or frame: `authzid NUL user NUL password`. */
export function plainUserIn(text: string): string | null {
  const at = text.indexOf("<auth");
  if (at === -1) return null;
  const match = /^<auth\b[^>]*>\s*([A-Za-z0-9+/=]+)\s*</.exec(text.slice(at, at + maxAuth));
  const plain = match?.[1] === undefined ? null : decoded(match[1]);
  return plain === null ? null : userFrom(plain.split("\0")[1] ?? "");
}

function decoded(base64: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    // Not base64: no credentials.
    return null;
  }
}

function userFrom(text: string): string | null {
  const user = text.trim();
  return user === "" || user.length > maxUser || /\p{Cc}/u.test(user) ? null : user;
}
