/** One step of the machine in the making: a session being changed, and what was noticed on the way. Lives no longer than a call of `advance`. */
import type { MonotonicMs } from "../domain/instant.ts";
import type { BoshFact, BoshObservation } from "./observation.ts";
import type { BoshSession } from "./session.ts";
import type { Sign } from "./transitions.ts";
import { nextState } from "./transitions.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

export interface Draft {
  readonly session: Writable<BoshSession>;
  readonly noticed: BoshObservation[];
  readonly at: MonotonicMs;
}

export const draftOf = (session: BoshSession, at: MonotonicMs): Draft => ({
  session: { ...session },
  noticed: [],
  at,
});

/** Notes a fact with the exchanges that show it, the telling one first. */
export function notice(draft: Draft, fact: BoshFact, ...exchanges: readonly number[]): void {
  draft.noticed.push({ ...fact, at: draft.at, exchanges });
}

/** Moves the state by the table. */
export function apply(draft: Draft, sign: Sign): void {
  draft.session.state = nextState(draft.session.state, sign);
}
