/**
 * Reorder: a notification changes places with the next one of its session. Over BOSH its stanzas are taken out of their answer (a poll must be
 * answered, or no next one comes) and put behind those of the next; frames of a WebSocket just change places.
 */
import type { ActionDefinition } from "./action-definition.ts";

export const reorder: ActionDefinition<"reorder"> = {
  read: () => ({ kind: "reorder" }),
  leg: () => "response",
  place: "message",
  needs: () => "whole",
  step: (_action, { subject }) => {
    if (subject.framed) return { kind: "swap-frame" };
    const isStanzas = subject.kinds.has("notification");
    return isStanzas ? { kind: "change", change: { kind: "take-stanzas" } } : null;
  },
};
