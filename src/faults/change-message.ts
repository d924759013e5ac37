/** Carries out the changes that a decision asks of a message: bytes in, bytes out, with a head that fits the new body. */
import { headerIn, withHeader, withoutHeader } from "./http-head.ts";
import type { MessageChange } from "./step.ts";
import { escapeText, setPath, stanzasIn, withContent } from "./xml-edit.ts";

export interface FaultMessage {
  /** latin1, through the empty line; "" for a frame. */
  readonly head: string;
  /** Entity bytes, chunking and content coding taken away; null = passes behind the head as it comes, and is not changed. */
  readonly body: Uint8Array | null;
}

/** For a message whose body was edited, and whose head must fit it again. */
export const noChange = {
  kind: "alter",
  setHeaders: [],
  removeHeaders: [],
  replace: [],
  setPaths: [],
} as const;

/**
 * The message as it goes on. A body that was given gets `Content-Length`, and loses `Transfer-Encoding` and `Content-Encoding`; headers named by
 * the change come last, so that a wrong length can be sent on purpose.
 */
export function changeMessage(message: FaultMessage, change: MessageChange): FaultMessage {
  const body = message.body === null ? null : changedBody(message.body, change);
  if (message.head === "") return { head: "", body };
  const framed = body === null ? message.head : withLength(message.head, body.length);
  return { head: change.kind === "alter" ? withHeaders(framed, change) : framed, body };
}

/** True when the change needs the whole message, not only its head. */
export const needsBody = (change: MessageChange): boolean =>
  change.kind !== "alter" || change.replace.length > 0 || change.setPaths.length > 0;

function withLength(head: string, length: number): string {
  const coded = headerIn(head, "transfer-encoding") ?? headerIn(head, "content-encoding");
  // A message without a body says nothing of its length, and goes on saying nothing.
  if (length === 0 && coded === null && headerIn(head, "content-length") === null) return head;
  const plain = withoutHeader(withoutHeader(head, "transfer-encoding"), "content-encoding");
  return withHeader(plain, "Content-Length", `${length}`);
}

function withHeaders(head: string, change: Extract<MessageChange, { kind: "alter" }>): string {
  const fewer = change.removeHeaders.reduce(withoutHeader, head);
  return change.setHeaders.reduce((text, [name, value]) => withHeader(text, name, value), fewer);
}

function changedBody(body: Uint8Array, change: MessageChange): Uint8Array {
  if (!needsBody(change)) return body;
  const before = new TextDecoder().decode(body);
  const after = changedText(before, change);
  return after === before ? body : new TextEncoder().encode(after);
}

function changedText(text: string, change: MessageChange): string {
  switch (change.kind) {
    case "alter":
      return alteredText(text, change);
    case "repeat-stanzas":
      return withContent(
        text,
        stanzasIn(text)
          .flatMap((stanza) => [stanza, stanza])
          .join(""),
      );
    case "take-stanzas":
      return withContent(text, "");
    case "append-stanzas":
      return withContent(text, stanzasIn(text).join("") + change.xml);
  }
}

function alteredText(text: string, change: Extract<MessageChange, { kind: "alter" }>): string {
  const replaced = change.replace.reduce(
    (result, { text: wanted, by }) =>
      result
        .replaceAll(wanted, () => by)
        // The same inside folded XML.
        .replaceAll(foldedIfOther(wanted), () => escapeText(by)),
    text,
  );
  return change.setPaths.reduce(
    (result, { path, text: value }) => setPath(result, path, value),
    replaced,
  );
}

/** A pattern that matches the text as it stands inside folded XML; nothing when it looks the same there. */
function foldedIfOther(text: string): RegExp {
  const folded = escapeText(text);
  if (folded === text) return /(?!)/g;
  return new RegExp(folded.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"), "g");
}
