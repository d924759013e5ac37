/** What a language must have to read a rule aloud. One dictionary a language stands beside this file. */
import type {
  AnswerTemplate,
  FaultAction,
  FaultEnding,
  FaultLeg,
  FaultMatch,
  FaultSubjectKind,
} from "../../domain/fault-rule.ts";

type ActionSentences = {
  readonly [K in FaultAction["kind"]]: (action: Extract<FaultAction, { kind: K }>) => string;
};
type TemplateNames = {
  readonly [K in AnswerTemplate["kind"]]: (
    template: Extract<AnswerTemplate, { kind: K }>,
  ) => string;
};

/** Each condition as a phrase that follows the subject: "of agent 1001003". */
export interface Conditions {
  readonly agent: (id: string) => string;
  readonly sid: (sid: string) => string;
  readonly method: (method: string) => string;
  readonly path: (path: string) => string;
  readonly host: (host: string) => string;
  readonly port: (port: number) => string;
  readonly event: (text: string) => string;
  readonly state: (state: string) => string;
  readonly afterRid: (rid: number) => string;
  readonly percent: (percent: number) => string;
  readonly window: (fromMs: number, untilMs: number | null) => string;
}

export interface Words {
  /** In the singular, without article: "poll". */
  readonly kinds: Readonly<Record<FaultSubjectKind, string>>;
  /** "Every poll", "the 3rd poll", "every 2nd poll". */
  readonly subject: (match: FaultMatch) => string;
  readonly conditions: Conditions;
  readonly actions: ActionSentences;
  readonly templates: TemplateNames;
  readonly limits: (times: number | null, expiresAfterMs: number | null) => readonly string[];
  readonly alsoWaiting: string;
  readonly leg: (leg: FaultLeg) => string;
  readonly ending: (how: FaultEnding) => string;
  /** Between actions. */
  readonly next: string;
}

/** `1500` → "1.5 s"; `400` → "400 ms". Units are the same in both languages; the decimal sign is not. */
export function time(ms: number, decimal = "."): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms % 60_000 === 0 && ms >= 120_000) return `${ms / 60_000} min`;
  const seconds = Math.round(ms / 100) / 10;
  return `${`${seconds}`.replace(".", decimal)} s`;
}
