/** Delay until: the answer goes on when its request is that old, however fast the server was. */
import { milliseconds } from "../fields.ts";
import type { ActionDefinition } from "./action-definition.ts";

export const delayUntil: ActionDefinition<"delay-until"> = {
  read: (fields) => ({ kind: "delay-until", ageMs: fields.number("ageMs", milliseconds) }),
  leg: () => "response",
  place: "message",
  needs: () => "nothing",
  // A frame has no request whose age could count.
  step: ({ ageMs }, { subject, real }) =>
    subject.framed ? null : { kind: "wait-until", ageMs: real(ageMs) },
};
