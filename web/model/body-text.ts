/** A body's bytes as text, by the charset its content type names. */

/** Never throws: an unknown charset is read as UTF-8, and broken sequences show as U+FFFD. */
export function decodeBody(bytes: Uint8Array, contentType: string | null): string {
  return decoderFor(charsetOf(contentType)).decode(bytes);
}

/** The charset parameter, lower case; "utf-8" when there is none. */
export function charsetOf(contentType: string | null): string {
  const match = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? "");
  return match?.[1]?.toLowerCase() ?? "utf-8";
}

function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch (thrown) {
    if (thrown instanceof RangeError) return new TextDecoder("utf-8");
    throw thrown;
  }
}

export type BodyReading = "xml" | "json" | "form";

/** How a body of this type may be read; types that say nothing may be anything but a form. */
export function readingsOf(contentType: string | null): readonly BodyReading[] {
  const type = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (/[/+]xml$|html$/.test(type)) return ["xml"];
  if (/[/+]json$/.test(type)) return ["json"];
  if (type === "application/x-www-form-urlencoded") return ["form"];
  if (type === "" || type === "text/plain" || type === "application/octet-stream")
    return ["xml", "json"];
  return [];
}
