/** Pause: requests wait here, as when their tab is frozen. */
import { milliseconds } from "../fields.ts";
import type { ActionDefinition } from "./action-definition.ts";

export const pausePolls: ActionDefinition<"pause-polls"> = {
  read: (fields) => ({ kind: "pause-polls", ms: fields.numberOrNull("ms", milliseconds) }),
  leg: () => "request",
  place: "message",
  needs: () => "nothing",
  step: ({ ms }, { real }) => ({ kind: "pause", ms: ms === null ? null : real(ms) }),
};
