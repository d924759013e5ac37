/** Reads `<Update>`: what Finesse publishes to a pubsub node when something about an agent, a call or the system changes. */
import type { Unparseable, XmlElement } from "../xml/tree.ts";
import { elementsIn } from "../xml/tree.ts";
import { childOf, fieldOf, readRoot } from "./fields.ts";
import type { Subject } from "./subject.ts";
import { subjectOf } from "./subject.ts";

export interface Update {
  readonly kind: "update";
  /** POST = new, PUT = changed, DELETE = ended; null when it says something else. */
  readonly event: "POST" | "PUT" | "DELETE" | null;
  /** REST URI of what changed. */
  readonly source: string | null;
  /** Of the request that asked for it; null when nobody did. */
  readonly requestId: string | null;
  readonly subject: Subject;
}

/** `text` is the notification's text, unescaped once (as `readStanza` gives it). */
export function readUpdate(text: string): Update | Unparseable {
  const root = readRoot(text, "update");
  return root.kind === "unparseable" ? root : updateFrom(root);
}

function updateFrom(root: XmlElement): Update {
  const event = fieldOf(root, "event")?.toUpperCase();
  const known = event === "POST" || event === "PUT" || event === "DELETE";
  const data = childOf(root, "data");
  const [first] = data === null ? [] : elementsIn(data);
  return {
    kind: "update",
    event: known ? event : null,
    source: fieldOf(root, "source"),
    requestId: fieldOf(root, "requestid"),
    subject: first === undefined ? { kind: "none" } : subjectOf(first),
  };
}
