/** What an action must say of itself; each has its file beside this one. */
import type { FaultAction, FaultLeg } from "../../domain/fault-rule.ts";
import type { RecordedAnswer } from "../answers/recorded-answer.ts";
import type { Fields } from "../fields.ts";
import type { FaultStep } from "../step.ts";
import type { FaultSubject } from "../subject.ts";

export type ActionOf<K extends FaultAction["kind"]> = Extract<FaultAction, { kind: K }>;

/** Without the rule's id. */
type StepsOf<S> = S extends FaultStep ? Omit<S, "rule"> : never;
export type BareStep = StepsOf<FaultStep>;

/** What a step may be made of besides the action. */
export interface Situation {
  readonly subject: FaultSubject;
  /** 0 to 1. */
  readonly dice: () => number;
  /** Real ms for ms of protocol time. */
  readonly real: (ms: number) => number;
  /** The recorded answer of that exchange, or null when it is gone. */
  readonly recorded: (exchange: string) => RecordedAnswer | null;
}

export interface ActionDefinition<K extends FaultAction["kind"]> {
  /** The rest of the action's fields; `kind` has been read. */
  readonly read: (fields: Fields) => ActionOf<K>;
  /** The leg it touches. */
  readonly leg: (action: ActionOf<K>) => FaultLeg;
  /** The kinds of rule it may stand in: named for connections before any request or at an age, else for requests, answers and frames. */
  readonly place: "connect" | "tls" | "age" | "message" | "connect-or-message";
  /** What it needs of the message on its leg. */
  readonly needs: (action: ActionOf<K>) => "nothing" | "head" | "whole";
  /** null = it means nothing for that subject. */
  readonly step: (action: ActionOf<K>, situation: Situation) => BareStep | null;
}

export const legs = ["request", "response"] as const;
export const endings = ["fin", "reset", "silence"] as const;
