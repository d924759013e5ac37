/** Redacts a body as the bytes it is, or says that nothing of it may be kept. */
import { readBodyBytes } from "./body-bytes.ts";
import { type BodyView, isText } from "./body-kind.ts";
import type { Redactor } from "./redactor.ts";

export interface RedactedBytes {
  /** The same array when nothing was replaced. */
  readonly bytes: Uint8Array;
  readonly replaced: boolean;
}

/**
 * Null when it should be readable and is not, or when a secret is in it and it can't be written back without breaking it: a picture, an
 * archive, or a text that has characters now for which its encoding has none.
 */
export function redactBytes(
  bytes: Uint8Array,
  view: Omit<BodyView, "text">,
  redactor: Redactor,
): RedactedBytes | null {
  const read = readBodyBytes(bytes, view.contentType);
  const body = { ...view, text: read.text };
  if (read.isForeign && isText(body)) return null;
  const redacted = redactor.body(body);
  if (!redacted.readable) return null;
  if (!redacted.replaced) return { bytes, replaced: false };
  if (read.encoding !== "utf-8" && !isText(body)) return null;
  const written = read.encode(redacted.text);
  return written === null ? null : { bytes: written, replaced: true };
}
