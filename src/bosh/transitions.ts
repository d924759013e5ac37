/** The session machine as data: which sign moves it from which state to which. A pair that is not listed changes nothing. */
import type { SessionState } from "./session.ts";

/** What an event means for the state, once its details have been looked at. */
export type Sign =
  | "created"
  | "refused"
  | "request"
  | "answer"
  | "goodbye"
  | "ended"
  | "unknown-sid"
  | "quiet"
  | "gone"
  | "replaced";

export interface Transition {
  readonly from: SessionState;
  readonly on: Sign;
  readonly to: SessionState;
  /** In the diagram, and for whoever asks why. */
  readonly because: string;
}

export const initialStates: readonly SessionState[] = ["creating", "open"];

export const transitions: readonly Transition[] = [
  { from: "creating", on: "created", to: "open", because: "the answer carries a sid" },
  { from: "creating", on: "refused", to: "terminated", because: "the answer says terminate" },
  { from: "creating", on: "quiet", to: "terminated", because: "nobody tries any more" },
  { from: "creating", on: "replaced", to: "replaced", because: "the client began another" },
  { from: "open", on: "goodbye", to: "terminated", because: "the client says terminate" },
  { from: "open", on: "ended", to: "terminated", because: "terminate or stream error" },
  { from: "open", on: "unknown-sid", to: "expired", because: "HTTP 404" },
  { from: "open", on: "quiet", to: "silent", because: "no request for the inactivity limit" },
  { from: "open", on: "replaced", to: "replaced", because: "the client began another" },
  { from: "silent", on: "request", to: "open", because: "the client is back" },
  { from: "silent", on: "goodbye", to: "terminated", because: "the client says terminate" },
  { from: "silent", on: "gone", to: "expired", because: "and for the reaper's period" },
  { from: "silent", on: "replaced", to: "replaced", because: "the client began another" },
  { from: "expired", on: "answer", to: "open", because: "the server knew it after all" },
  { from: "expired", on: "ended", to: "terminated", because: "terminate or stream error" },
  { from: "expired", on: "goodbye", to: "terminated", because: "the client says terminate" },
  { from: "expired", on: "replaced", to: "replaced", because: "the client began another" },
  { from: "replaced", on: "request", to: "open", because: "its client is still there" },
  { from: "replaced", on: "goodbye", to: "terminated", because: "the client says terminate" },
];

const table = new Map<SessionState, ReadonlyMap<Sign, SessionState>>();
for (const { from, on, to } of transitions) {
  table.set(from, new Map([...(table.get(from) ?? []), [on, to]]));
}

/** The state after `sign`; the same state when the table has no such row. */
export function nextState(state: SessionState, sign: Sign): SessionState {
  return table.get(state)?.get(sign) ?? state;
}
