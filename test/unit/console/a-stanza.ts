/** A notification as the console shows it; what a test is about is given. */
import type { ShownStanza } from "../../../src/domain/xmpp-console.ts";

export function stanza(given: Partial<ShownStanza> = {}): ShownStanza {
  return {
    key: "x1-1",
    at: "2026-03-01T10:00:00.000Z",
    direction: "in",
    kind: "message",
    type: null,
    from: "pubsub.fin1.demo.test",
    to: "1001003@fin1.demo.test",
    id: null,
    node: "/finesse/api/User/1001003",
    about: "User READY",
    exchange: null,
    text: "<message><body>&lt;state>READY&lt;/state></body><state>READY</state></message>",
    cut: false,
    ...given,
  };
}
