/** Where a message's body ends, by RFC 9112 section 6.3. What two readers could take differently is unreadable, not guessed. */
import type { FieldFacts } from "./field-facts.ts";
import type { RequestLine, StatusLine } from "./start-line.ts";

export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "until-end" }
  /** A 1xx: the message proper is still to come. */
  | { readonly kind: "informational" }
  /** After this head the connection speaks something else. */
  | { readonly kind: "switch" }
  | { readonly kind: "unreadable"; readonly reason: string };

/** The request that a response answers, as far as it decides about the response's body. */
export interface Answered {
  readonly isHead: boolean;
  readonly isConnect: boolean;
}

export const switches: Framing = { kind: "switch" };
export const informational: Framing = { kind: "informational" };
const none: Framing = { kind: "none" };
const chunked: Framing = { kind: "chunked" };
const untilEnd: Framing = { kind: "until-end" };

export const unreadable = (reason: string): Framing => ({ kind: "unreadable", reason });

/** Framing of a request's body. */
export function requestFraming(line: RequestLine, fields: FieldFacts): Framing {
  if (line.isConnect) return none;
  if (fields.looseColon) return unreadable("white space before the colon of a framing field");
  if (fields.codings !== null)
    return codedFraming(fields.codings, line.minor, fields) ?? notChunked(fields.codings);
  return lengthFraming(fields) ?? none;
}

/** Framing of a final response's body (not for 1xx, nor for 2xx to CONNECT). */
export function responseFraming(line: StatusLine, fields: FieldFacts, to: Answered): Framing {
  if (to.isHead || line.status === 204 || line.status === 304) return none;
  if (fields.codings !== null) return codedFraming(fields.codings, line.minor, fields) ?? untilEnd;
  return lengthFraming(fields) ?? untilEnd;
}

/** Null: readable, but the last coding is not chunked. */
function codedFraming(codings: string, minor: number, fields: FieldFacts): Framing | null {
  if (fields.length >= 0)
    return unreadable("conflicting Transfer-Encoding and Content-Length fields");
  if (minor === 0) return unreadable("Transfer-Encoding in an HTTP/1.0 message");
  if (codings === "chunked") return chunked;
  const list = codings.split(",").map((coding) => coding.trim());
  const named = list.filter((coding) => coding !== "");
  const at = named.indexOf("chunked");
  if (at < 0) return null;
  return at === named.length - 1 ? chunked : unreadable("chunked is not the last transfer coding");
}

const notChunked = (codings: string): Framing =>
  unreadable(`a request whose Transfer-Encoding does not end in chunked (${codings.slice(0, 40)})`);

/** Null: no Content-Length. */
function lengthFraming(fields: FieldFacts): Framing | null {
  if (fields.lengthProblem !== null) return unreadable(fields.lengthProblem);
  if (fields.length < 0) return null;
  return fields.length === 0 ? none : { kind: "length", length: fields.length };
}
