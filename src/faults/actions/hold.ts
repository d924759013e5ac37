/** Hold: a breakpoint. A person sees the message, changes it or not, and lets it go. */
import { type ActionDefinition, legs } from "./action-definition.ts";

export const hold: ActionDefinition<"hold"> = {
  read: (fields) => ({ kind: "hold", leg: fields.choice("leg", legs) }),
  leg: ({ leg }) => leg,
  place: "message",
  needs: () => "whole",
  step: () => ({ kind: "hold" }),
};
