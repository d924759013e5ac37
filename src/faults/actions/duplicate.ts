/** Duplicate: a request goes to the server twice; the stanzas of an http-bind answer stand in it twice, as HTTP allows one answer only. */
import { type ActionDefinition, legs } from "./action-definition.ts";

export const duplicate: ActionDefinition<"duplicate"> = {
  read: (fields) => ({ kind: "duplicate", leg: fields.choice("leg", legs) }),
  leg: ({ leg }) => leg,
  place: "message",
  needs: ({ leg }) => (leg === "response" ? "whole" : "head"),
  step: ({ leg }, { subject }) => {
    if (leg === "request" || subject.framed) return { kind: "twice" };
    const isStanzas = subject.kinds.has("http-bind");
    return isStanzas ? { kind: "change", change: { kind: "repeat-stanzas" } } : null;
  },
};
