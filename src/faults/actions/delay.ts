/** Delay: the message goes on later, by a fixed time and up to a jitter more. */
import { milliseconds } from "../fields.ts";
import { type ActionDefinition, legs } from "./action-definition.ts";

export const delay: ActionDefinition<"delay"> = {
  read: (fields) => ({
    kind: "delay",
    leg: fields.choice("leg", legs),
    ms: fields.number("ms", milliseconds),
    jitterMs: fields.has("jitterMs") ? fields.number("jitterMs", milliseconds) : 0,
  }),
  leg: ({ leg }) => leg,
  place: "connect-or-message",
  needs: () => "nothing",
  step: ({ ms, jitterMs }, { dice, real }) => ({ kind: "wait", ms: real(ms + dice() * jitterMs) }),
};
