/** Secrets in URLs and in what is written like their query: forms, and the lists that gadgets put into one parameter. */
import { redactNamed } from "./credentials.ts";
import { isMarked, withoutBlanks } from "./marker.ts";
import { decodeParameter, encodeParameter } from "./percent.ts";
import type { Scrub } from "./scrub.ts";
import { isSecretParameter } from "./secret-names.ts";

/** A request target or URL: user info, path parameters, query and fragment. */
export function redactUrl(url: string, scrub: Scrub): string {
  const hash = url.indexOf("#");
  const beforeHash = hash === -1 ? url : url.slice(0, hash);
  const question = beforeHash.indexOf("?");
  const path = question === -1 ? beforeHash : beforeHash.slice(0, question);
  const query = question === -1 ? "" : redactParameters(beforeHash.slice(question + 1), scrub);
  return (
    redactPath(path, scrub) +
    (question === -1 ? "" : `?${query}`) +
    (hash === -1 ? "" : `#${redactFragment(url.slice(hash + 1), scrub)}`)
  );
}

/** Single sign-on gives tokens in the fragment, as a query or behind a route with one. */
function redactFragment(fragment: string, scrub: Scrub): string {
  if (!fragment.includes("=")) return fragment;
  const question = fragment.indexOf("?");
  return fragment.slice(0, question + 1) + redactParameters(fragment.slice(question + 1), scrub);
}

function redactPath(path: string, scrub: Scrub): string {
  const named = path.includes("@") ? redactUserInfo(path, scrub) : path;
  if (!named.includes(";")) return named;
  return named.replace(/;([^;=/]+)=([^;/]+)/g, (whole, name: string, value: string) =>
    isSecretParameter(name) ? `;${name}=${secretParameter(name, value, scrub)}` : whole,
  );
}

function redactUserInfo(path: string, scrub: Scrub): string {
  const scheme = path.indexOf("://");
  if (scheme === -1) return path;
  const start = scheme + 3;
  const slash = path.indexOf("/", start);
  const at = path.lastIndexOf("@", slash === -1 ? path.length : slash);
  if (at < start) return path;
  const info = path.slice(start, at);
  const colon = info.indexOf(":");
  const password = info.slice(colon + 1);
  if (colon === -1 || password === "" || isMarked(decodeParameter(password))) return path;
  const marker = withoutBlanks(scrub.secret(decodeParameter(password)));
  return path.slice(0, start) + info.slice(0, colon + 1) + marker + path.slice(at);
}

/** `name=value` pairs joined by `&`: a query or a form body. What is not secret is given back as it was written. */
export function redactParameters(text: string, scrub: Scrub): string {
  if (!text.includes("=")) return text;
  let changed = false;
  const pairs = text.split("&");
  for (const [index, pair] of pairs.entries()) {
    const redacted = redactPair(pair, scrub);
    if (redacted === pair) continue;
    changed = true;
    pairs[index] = redacted;
  }
  return changed ? pairs.join("&") : text;
}

function redactPair(pair: string, scrub: Scrub): string {
  const equals = pair.indexOf("=");
  if (equals === -1 || equals === pair.length - 1) return pair;
  const name = decodeParameter(pair.slice(0, equals));
  const raw = pair.slice(equals + 1);
  if (isSecretParameter(name)) return pair.slice(0, equals + 1) + secretParameter(name, raw, scrub);
  if (raw.length < 6) return pair;
  const value = decodeParameter(raw);
  const redacted = scrub.nested(value);
  return redacted === value ? pair : pair.slice(0, equals + 1) + encodeParameter(redacted);
}

function secretParameter(name: string, raw: string, scrub: Scrub): string {
  const value = decodeParameter(raw);
  const redacted = redactNamed(name, value, scrub);
  return redacted === value ? raw : encodeParameter(redacted);
}

/** True for text that is all `name=value` pairs: no blank, no markup, a name first. */
export function looksLikeParameters(text: string): boolean {
  return /^[\w.%+[\]:$~*!'()-]{1,128}=/.test(text) && !/[\s<>{}"]/.test(text);
}
