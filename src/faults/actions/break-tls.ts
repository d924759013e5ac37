/** Break TLS: the handshake fails, towards the client (request leg) or towards the server (response leg). */
import { type ActionDefinition, legs } from "./action-definition.ts";

export const breakTls: ActionDefinition<"break-tls"> = {
  read: (fields) => ({ kind: "break-tls", leg: fields.choice("leg", legs) }),
  // Both handshakes come before any request.
  leg: () => "request",
  place: "tls",
  needs: () => "nothing",
  step: ({ leg }) => ({ kind: "break-tls", leg }),
};
