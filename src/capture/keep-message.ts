/** Turns a message as sent into a message as kept: decoded where that is possible, secrets replaced, cut to the limit. */
import type { ImportedMessage } from "../domain/capture-event.ts";
import type { ExchangeNote } from "../domain/exchange.ts";
import type { StoredMessage } from "../domain/recording.ts";
import { redactBytes } from "../redact/redact-bytes.ts";
import type { Redactor } from "../redact/redactor.ts";
import { decode } from "./content-coding.ts";

/** A message as it came, still with its secrets. */
export interface RawMessage {
  /** Through the empty line, latin1. */
  readonly head: string;
  readonly trailers: string;
  /** Up to the body limit. */
  readonly body: Buffer | null;
  /** Entity bytes on the wire. */
  readonly wireLength: number;
  readonly imported: ImportedMessage | null;
}

export interface KeepContext {
  readonly redactor: Redactor;
  /** Keyed, so that a hash tells nothing about what was hashed. */
  readonly hash: (bytes: Uint8Array) => string;
  readonly path: string;
  readonly side: "request" | "response";
  readonly bodyLimit: number;
  readonly keepSecrets: boolean;
}

export function keepMessage(
  raw: RawMessage,
  context: KeepContext,
  notes: Set<ExchangeNote>,
): StoredMessage {
  const head = context.redactor.head(raw.head);
  const trailers =
    raw.trailers === "" ? { text: "", replaced: false } : context.redactor.head(raw.trailers);
  if (head.replaced || trailers.replaced) notes.add("secrets-replaced");
  const encoding = headerOf(raw.head, "content-encoding");
  const shared = {
    head: head.text,
    trailers: trailers.text,
    wireLength: raw.wireLength,
    encoding: headerOf(head.text, "content-encoding"),
  };
  if (raw.body === null || raw.body.length === 0) {
    return { ...shared, body: raw.body, decoded: false, cut: raw.wireLength > 0, hash: null };
  }
  const { cut, plain } = plainBody(raw, raw.body, encoding, notes);
  const kept = keepBody(plain, headerOf(raw.head, "content-type"), context, notes);
  const body = kept === null ? null : kept.subarray(0, context.bodyLimit);
  const isCut = cut || (body !== null && kept !== null && body.length < kept.length);
  if (isCut) notes.add("body-cut");
  const decoded = plain !== null && encoding !== null;
  if (decoded) notes.add("decoded");
  return {
    ...shared,
    body,
    decoded,
    cut: isCut,
    hash: kept === null ? context.hash(raw.body) : null,
  };
}

function plainBody(
  { imported, wireLength }: RawMessage,
  body: Buffer,
  encoding: string | null,
  notes: Set<ExchangeNote>,
): { readonly cut: boolean; readonly plain: Buffer | null } {
  if (imported === null)
    return { cut: body.length < wireLength, plain: decode(body, encoding, notes) };
  // Redaction changes lengths: of what comes out of a file they tell nothing.
  return { cut: imported.cut, plain: imported.decoded ? body : decode(body, encoding, notes) };
}

/** null = may not be kept: it should be readable and is not, or no one can tell what is in it. */
function keepBody(
  plain: Buffer | null,
  contentType: string | null,
  context: KeepContext,
  notes: Set<ExchangeNote>,
): Buffer | null {
  if (plain === null) {
    notes.add("body-unreadable");
    return null;
  }
  if (context.keepSecrets) return plain;
  const { path, side, redactor } = context;
  const redacted = redactBytes(plain, { contentType, path, side }, redactor);
  if (redacted === null) {
    notes.add("body-unreadable");
    return null;
  }
  if (!redacted.replaced) return plain;
  notes.add("secrets-replaced");
  const { buffer, byteOffset, byteLength } = redacted.bytes;
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** The value of the first line of that name, or null. `name` in lower case. */
export function headerOf(head: string, name: string): string | null {
  let from = head.indexOf("\n") + 1;
  while (from > 0 && from < head.length) {
    const end = head.indexOf("\n", from);
    const stop = end < 0 ? head.length : end;
    if (
      head.charCodeAt(from + name.length) === colon &&
      head.slice(from, from + name.length).toLowerCase() === name
    ) {
      return head.slice(from + name.length + 1, stop).trim();
    }
    from = end + 1;
  }
  return null;
}

const colon = 0x3a;
