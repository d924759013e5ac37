/** The session machine: a session and an event give the next session and what was noticed. Owns no clock and no timer. */
import type { BoshEvent } from "./bosh-event.ts";
import type { Draft } from "./draft.ts";
import { apply, draftOf } from "./draft.ts";
import type { BoshObservation } from "./observation.ts";
import { onAnswer, onFailure } from "./on-answer.ts";
import { onRequest } from "./on-request.ts";
import { nextDeadline, onTick } from "./on-tick.ts";
import type { BoshSession } from "./session.ts";

const nothing: readonly BoshObservation[] = [];

/** Total: takes any event in any order. Answers and failures of exchanges that are not open change nothing. */
export function advance(
  session: BoshSession,
  event: BoshEvent,
): readonly [BoshSession, readonly BoshObservation[]] {
  if (event.kind === "tick") {
    const due = nextDeadline(session);
    if (due === null || due > event.at) return [session, nothing];
  }
  const draft = draftOf(session, event.at);
  step(draft, event);
  return [draft.session, draft.noticed];
}

function step(draft: Draft, event: BoshEvent): void {
  switch (event.kind) {
    case "request":
      onRequest(draft, event);
      return;
    case "answer":
      onAnswer(draft, event);
      return;
    case "failure":
      onFailure(draft, event);
      return;
    case "replaced":
      apply(draft, "replaced");
      return;
    case "tick":
      onTick(draft);
  }
}
