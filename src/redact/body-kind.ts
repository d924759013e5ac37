/** Says which reader a body is for: by content type, else by what Finesse serves at the path, else by its first characters. */
import { isHttpBindPath } from "../bosh/http-bind-path.ts";
import { looksLikeParameters } from "./urls.ts";

/** "text" has no grammar; "code" is text in which names are not values; "binary" is only searched for known secrets. */
export type BodyKind = "xml" | "json" | "form" | "multipart" | "html" | "text" | "code" | "binary";

export interface BodyGuess {
  readonly kind: BodyKind;
  /** It says of itself, or by its path, that it is this: if it can't be read so, it can't be kept. */
  readonly isCertain: boolean;
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
  if (declared === null || isPlainWord) return { kind: start ?? "text", isCertain: false };
  // Servers label JSON as XML and error pages as anything; the first character does not lie.
  const isOurs = declared === "xml" || declared === "json" || declared === "form";
  const kind = isOurs && start !== null ? start : declared;
  return { kind, isCertain: kind !== "html" && (isOurs || declared === "multipart") };
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
