/** Says which reader a body is for: by content type, else by what Finesse serves at the path, else by its first characters. */
import { isHttpBindPath } from "../bosh/http-bind-path.ts";
import { jsonCall } from "./json-scan.ts";
import { looksLikeParameters } from "./urls.ts";

/** "text" has no grammar; "code" is text in which names are not values; "binary" is only searched for known secrets. */
export type BodyKind = "xml" | "json" | "form" | "multipart" | "html" | "text" | "code" | "binary";

export interface BodyGuess {
  readonly kind: BodyKind;
  /** It says of itself, or by its path, that it is this: if it can't be read so, it can't be kept. */
  readonly isCertain: boolean;
  /** What to read it as when it is uncertain and can't be read as `kind`. */
  readonly otherwise: BodyKind;
}

export interface BodyView {
  readonly text: string;
  readonly contentType: string | null;
  readonly path: string;
  readonly side: "request" | "response";
}

export function bodyKind(body: BodyView): BodyGuess {
  const byType = kindOfType(body.contentType);
  const start = startOf(body.text);
  const declared = byType ?? kindOfPath(body);
  // An answer without type and without markup is a server's plain word, such as "Invalid SID.".
  const isPlainWord = byType === null && start === null && body.side === "response";
  if (declared === null || isPlainWord) {
    return { kind: start ?? callOfJson(body.text) ?? "text", isCertain: false, otherwise: "text" };
  }
  // Servers label JSON as XML and error pages as anything; the first character does not lie.
  const isOurs = declared === "xml" || declared === "json" || declared === "form";
  if (isOurs) {
    const kind = start ?? declared;
    return { kind, isCertain: kind !== "html", otherwise: "text" };
  }
  if (declared === "multipart") return { kind: declared, isCertain: true, otherwise: "text" };
  return { kind: markupIn(declared, body.text, start), isCertain: false, otherwise: declared };
}

/** True for what is text by its type, its path or its first characters: it can be changed in its middle, whatever its encoding. */
export function isText(body: BodyView): boolean {
  const { kind } = bodyKind(body);
  if (kind === "binary") return false;
  return kind !== "text" || /^\s*text\//i.test(body.contentType ?? "");
}

/** Pages, scripts and pictures may be JSON or XML all the same. A page of markup is a page: XML's reader is too strict for it. */
function markupIn(declared: BodyKind, text: string, start: BodyKind | null): BodyKind {
  if (start === "json") return start;
  if (declared === "html") return declared;
  if (start === "xml" || start === "html") return start;
  return (declared === "code" ? callOfJson(text) : null) ?? declared;
}

/** JSONP: `callback({…});` */
function callOfJson(text: string): BodyKind | null {
  return jsonCall.test(text.slice(0, 512)) ? "json" : null;
}

const types: readonly (readonly [RegExp, BodyKind])[] = [
  [/^(?:text|application)\/x?html|^application\/xhtml/, "html"],
  [/^image\/svg|javascript|ecmascript|^text\/css/, "code"],
  [/[/+]xml$/, "xml"],
  [/[/+]json$|^text\/json|ndjson/, "json"],
  [/x-www-form-urlencoded/, "form"],
  [/^multipart\//, "multipart"],
  [/^(?:image|font|audio|video)\/|wasm/, "binary"],
];

function kindOfType(contentType: string | null): BodyKind | null {
  const type = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return types.find(([pattern]) => pattern.test(type))?.[1] ?? null;
}

function kindOfPath({ path, side }: BodyView): BodyKind | null {
  if (isHttpBindPath(path) || path.startsWith("/finesse/api/")) return "xml";
  if (path.startsWith("/gadgets/makeRequest")) return side === "request" ? "form" : "json";
  if (path.startsWith("/desktop/sso/token")) return side === "request" ? "form" : "json";
  return path.includes("/j_security_check") && side === "request" ? "form" : null;
}

function startOf(text: string): BodyKind | null {
  const start = text.slice(0, 512).trimStart();
  if (start.startsWith("<")) return /^<(?:!doctype\s+html|html)/i.test(start) ? "html" : "xml";
  if (start.startsWith("{") || start.startsWith("[")) return "json";
  return looksLikeParameters(start) ? "form" : null;
}
