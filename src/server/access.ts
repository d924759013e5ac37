/** Who may use the API: the bearer of the token, or the page that was opened with it. Knows how the cookie is named and made. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

export interface Access {
  /** Whether the token is the right one; takes the same time for any wrong one. */
  isToken(candidate: string): boolean;
  /** Whether a request's Authorization header or cookie lets it in. */
  admits(headers: IncomingHttpHeaders): boolean;
  /** The Set-Cookie value that lets the page in. */
  readonly cookie: string;
}

/**
 * Cookies do not know ports: the port in the name keeps two instances on one host apart, and a restart replaces its own.
 * The value is derived from the token, so that a leaked cookie is no bearer token.
 */
export function createAccess(token: string, port: number): Access {
  const name = `boshscope-${port}`;
  const value = createHash("sha256").update("cookie\0").update(token).digest("base64url");
  const isToken = (candidate: string) => sameText(candidate, token);
  return {
    isToken,
    admits: (headers) => {
      const bearer = bearerOf(headers.authorization);
      if (bearer !== null) return isToken(bearer);
      return cookiesNamed(name, headers.cookie).some((candidate) => sameText(candidate, value));
    },
    cookie: `${name}=${value}; Path=/; HttpOnly; SameSite=Strict`,
  };
}

/** Compares digests, so that neither length nor content of the right text shows in the time taken. */
function sameText(left: string, right: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

function bearerOf(authorization: string | undefined): string | null {
  const match = /^bearer +(\S+) *$/i.exec(authorization ?? "");
  return match?.[1] ?? null;
}

function cookiesNamed(name: string, header: string | undefined): readonly string[] {
  return (header ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}
