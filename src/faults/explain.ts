/** Reads a rule aloud: "Every poll of agent 1001003: keeps the answer back until the request is 36 s old. 3 times." */
import type { FaultAction, FaultMatch, FaultRule } from "../domain/fault-rule.ts";
import { en } from "./words/en.ts";
import { es } from "./words/es.ts";
import type { Words } from "./words/words.ts";

export type FaultLanguage = "en" | "es";

const dictionaries: Readonly<Record<FaultLanguage, Words>> = { en, es };

export function explain(
  rule: Pick<FaultRule, "match" | "actions" | "times" | "expiresAfterMs" | "alsoWaiting">,
  language: FaultLanguage,
): string {
  const words = dictionaries[language];
  const who = [words.subject(rule.match), ...conditionsOf(rule.match, words)].join(" ");
  const what = rule.actions.map((action) => sentenceOf(action, words)).join(words.next);
  const limits = words.limits(rule.times, rule.expiresAfterMs);
  const waiting = rule.alsoWaiting ? [words.alsoWaiting] : [];
  return [`${who}: ${what}`, ...limits, ...waiting].map((sentence) => `${sentence}.`).join(" ");
}

/** In the order in which people say them. */
function conditionsOf(match: FaultMatch, { conditions }: Words): readonly string[] {
  const { probability, window } = match;
  const percent = probability === undefined ? undefined : Math.round(probability * 1000) / 10;
  return [
    said(match.agent, conditions.agent),
    said(match.sid, conditions.sid),
    said(match.method, conditions.method),
    said(match.path, conditions.path),
    said(match.host, conditions.host),
    said(match.port, conditions.port),
    said(match.event, conditions.event),
    said(match.state, conditions.state),
    said(match.afterRid, conditions.afterRid),
    said(percent, conditions.percent),
    said(window, ({ fromMs, untilMs }) => conditions.window(fromMs, untilMs)),
  ].flat();
}

const said = <T>(value: T | undefined, phrase: (value: T) => string): readonly string[] =>
  value === undefined ? [] : [phrase(value)];

function sentenceOf(action: FaultAction, words: Words): string {
  const sentence = words.actions[action.kind] as (one: FaultAction) => string;
  return sentence(action);
}
