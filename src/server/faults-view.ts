/** Fault rules, scenarios and runs in sentences of one language. */
import type { FaultDesk, ScenarioRunState } from "../domain/fault-desk.ts";
import type { FaultRuleState } from "../domain/fault-rule.ts";
import { explain, type FaultLanguage } from "../faults/explain.ts";
import { scenarios } from "../faults/scenarios/catalogue.ts";
import { judgeStep, wentAsExpected } from "../faults/scenarios/judge-step.ts";
import type { ExpectedStep, Scenario } from "../faults/scenarios/scenario.ts";
import type { FaultRuleView, FaultsState, ScenarioCard, ScenarioRun } from "./messages.ts";

export function faultsState(desk: FaultDesk, language: FaultLanguage): FaultsState {
  const rules = desk.rules();
  return {
    rules: rules.map((rule) => ruleView(rule, language)),
    armed: rules.filter(({ armed }) => armed).length,
    held: desk.held(),
    runs: desk.runs().map((run) => runView(run, language)),
  };
}

export const ruleView = (rule: FaultRuleState, language: FaultLanguage): FaultRuleView => ({
  ...rule,
  sentence: explain(rule, language),
});

export function runView(run: ScenarioRunState, language: FaultLanguage): ScenarioRun {
  const scenario = scenarios.find(({ name }) => name === run.scenario);
  const steps = run.steps.flatMap(({ index, expectedMs, observedMs }) => {
    const step = scenario?.steps[index];
    if (step === undefined) return [];
    const { certainty } = step;
    const verdict = judgeStep(run, { expectedMs, observedMs, certainty });
    return [{ what: step.what[language], expectedMs, observedMs, certainty, verdict }];
  });
  const verdicts = steps.map(({ verdict }) => verdict);
  return { ...run, steps, asExpected: wentAsExpected(run, verdicts) };
}

export const scenarioCards = (language: FaultLanguage): readonly ScenarioCard[] =>
  scenarios.map((scenario) => cardOf(scenario, language));

function cardOf(scenario: Scenario, language: FaultLanguage): ScenarioCard {
  const { name, cause, needs, lastsMs, title, description, steps } = scenario;
  const all = ["jabberwerx", "strophe", "websocket"] as const;
  return {
    name,
    title: title[language],
    description: description[language],
    expected: steps.map((step) => expectation(step, language)),
    cause,
    needs,
    clients: scenario.clients ?? all,
    lastsMs,
  };
}

const clients = { jabberwerx: "JabberWerx", strophe: "Strophe", websocket: "WebSocket" } as const;
const certainties = {
  en: { sure: "", maybe: "perhaps: ", never: "" },
  es: { sure: "", maybe: "quizá: ", never: "" },
} as const;

/** `Poll sent again (1): JabberWerx 0.5–0.8 s, Strophe 0–0.6 s`. */
function expectation(step: ExpectedStep, language: FaultLanguage): string {
  const what = `${certainties[language][step.certainty]}${step.what[language]}`;
  if (step.certainty === "never") return what;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const windows = Object.entries(clients).flatMap(([kind, name]) => {
    const window = step.within[kind as keyof typeof clients];
    if (window === undefined) return [];
    const [from, until] = window.map((ms) => number.format(ms / 1000));
    return [`${name} ${from}–${until} s`];
  });
  return `${what}: ${windows.join(", ")}`;
}
