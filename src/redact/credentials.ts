/** Reads credentials: HTTP authorization values, SASL payloads, cookies. What stays readable is the scheme, the user and harmless cookies. */
import { decodeBase64 } from "./base64.ts";
import { isMarked, userWithMarker } from "./marker.ts";
import { decodeParameter } from "./percent.ts";
import type { Scrub } from "./scrub.ts";
import { isHarmlessCookie, isSecretName } from "./secret-names.ts";

/** Words that stand before credentials, in any header, parameter or log. */
export const schemePattern =
  /^(basic|bearer|digest|negotiate|ntlm|token|oauth|hawk|saml|jwt)[ \t]+/i;

/** `Basic NDc0…` → `Basic 47483648:‹secret 1a2b3c4d›`; any other scheme keeps its word; without scheme all goes. */
export function redactAuthorization(value: string, scrub: Scrub): string {
  const text = value.trim();
  if (text === "" || isMarked(text)) return value;
  const scheme = /^[\w-]{1,32}(?=[ \t])/.exec(text)?.[0];
  if (scheme === undefined) return value.replace(text, () => redactToken(text, scrub));
  const rest = text.slice(scheme.length).trim();
  const gap = text.slice(scheme.length, text.length - rest.length);
  const redacted =
    scheme.toLowerCase() === "basic" ? redactBasic(rest, scrub) : redactBare(rest, scrub);
  return value.replace(text, () => scheme + gap + redacted);
}

/** The payload of Basic: base64 of user and password. */
export function redactBasic(payload: string, scrub: Scrub): string {
  if (isMarked(payload)) return payload;
  return readUserAndPassword(payload, scrub) ?? scrub.secret(payload);
}

/** The user with the password's marker when this is base64 of both, else null. */
export function readUserAndPassword(payload: string, scrub: Scrub): string | null {
  const decoded = payload.length > 8192 ? null : decodeBase64(payload);
  if (decoded === null) return null;
  const colon = decoded.indexOf(":");
  if (colon === -1 || /\p{Cc}|\ufffd/u.test(decoded)) return null;
  return pair(decoded.slice(0, colon), decoded.slice(colon + 1), scrub);
}

function pair(user: string, password: string, scrub: Scrub): string {
  // An API key often stands alone, as the user of an empty password.
  if (password === "") return scrub.secret(user);
  const marker = password === user ? scrub.forget(password) : scrub.secret(password);
  return userWithMarker(user, password, marker);
}

/** A credential without a scheme: base64 of user and password, or a token. */
export function redactToken(value: string, scrub: Scrub): string {
  if (isMarked(value)) return value;
  return readUserAndPassword(value, scrub) ?? scrub.secret(value);
}

function redactBare(value: string, scrub: Scrub): string {
  return isMarked(value) ? value : scrub.secret(value);
}

/** The text of `<auth>`, `<response>`, `<challenge>` and `<success>`: PLAIN keeps its user, all else goes. */
export function redactSasl(value: string, scrub: Scrub): string {
  const text = value.trim();
  if (text === "" || text === "=" || isMarked(text)) return value;
  const decoded = text.length > 8192 ? null : decodeBase64(text.replace(/\s+/g, ""));
  const fields = decoded?.split("\0") ?? [];
  const [, user, password] = fields;
  const isPlain = fields.length === 3 && user !== undefined && password !== undefined;
  const redacted = isPlain && password !== "" ? pair(user, password, scrub) : scrub.secret(text);
  return value.replace(text, () => redacted);
}

/** A `Cookie` value: each pair's value goes unless the cookie is known to be harmless. */
export function redactCookies(value: string, scrub: Scrub): string {
  return value
    .split(";")
    .map((part) => redactCookiePair(part, scrub))
    .join(";");
}

/** A `Set-Cookie` value: the first pair's value goes, the attributes stay. */
export function redactSetCookie(value: string, scrub: Scrub): string {
  const semicolon = value.indexOf(";");
  const end = semicolon === -1 ? value.length : semicolon;
  return redactCookiePair(value.slice(0, end), scrub) + value.slice(end);
}

function redactCookiePair(part: string, scrub: Scrub): string {
  const equals = part.indexOf("=");
  const name = part.slice(0, Math.max(equals, 0)).trim();
  const raw = part.slice(equals + 1);
  const trimmed = raw.trim();
  const quoted = trimmed.length > 1 && trimmed.startsWith('"') && trimmed.endsWith('"');
  const text = quoted ? trimmed.slice(1, -1) : trimmed;
  if (text === "" || isMarked(text) || isHarmlessCookie(name)) return part;
  return part.slice(0, equals + 1) + raw.replace(text, () => scrub.cookie(text));
}

/** A value that stands under a secret's name, whatever form it has there. */
export function redactNamed(name: string, value: string, scrub: Scrub): string {
  const text = value.trim();
  if (text === "" || isMarked(text)) return value;
  // HTML's attribute names a key of the keyboard.
  if (text.length === 1 && name.toLowerCase() === "accesskey") return value;
  const reader = specialNames.get(name.toLowerCase());
  if (reader === "cookie") return redactCookies(value, scrub);
  if (reader === "set-cookie") return redactSetCookie(value, scrub);
  if (text.includes(" ") && schemePattern.test(text)) return redactAuthorization(value, scrub);
  return reader === "credentials" ? redactToken(text, scrub) : scrub.secret(value);
}

const specialNames = new Map([
  ["cookie", "cookie"],
  ["cookie2", "cookie"],
  ["set-cookie", "set-cookie"],
  ["setcookie", "set-cookie"],
  ["auth", "credentials"],
  ["authorization", "credentials"],
  ["proxy-authorization", "credentials"],
  ["x-authorization", "credentials"],
  ["authkey", "credentials"],
]);

/** `Sec-WebSocket-Protocol`: reverse proxies carry an authorization value there beside the protocol's name. */
export function redactProtocols(value: string, scrub: Scrub): string {
  return value
    .split(",")
    .map((part) => {
      const token = part.trim();
      if (token === "" || token.toLowerCase() === "xmpp" || isMarked(token)) return part;
      if (/^(?:basic|bearer|authorization)$/i.test(token)) return part;
      const plain = decodeParameter(token);
      const redacted = redactAuthorization(plain, scrub);
      return redacted === plain ? part : part.replace(token, () => redacted);
    })
    .join(",");
}

/** `WWW-Authenticate` and its kin: the answer of a Negotiate or NTLM handshake is as secret as the question. Other challenges may stand beside it. */
export function redactChallenge(value: string, scrub: Scrub): string {
  return value.replace(
    /(^|,)([ \t]*(?:negotiate|ntlm)[ \t]+)(?!‹)([^\s,]+)/gi,
    (_, before: string, scheme: string, token: string) => before + scheme + scrub.forget(token),
  );
}

/** True when a header of that (lower-case) name holds a secret by its name. */
export function isSecretHeader(name: string): boolean {
  return isSecretName(name) || /^x-.*(?:auth|session|csrf|xsrf|jwt|saml)/.test(name);
}
