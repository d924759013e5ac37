/** What is held, the scenarios, the rules, and what the scenario runs have shown. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { words } from "../i18n/words.ts";
import { language } from "../state/preferences.ts";
import { loadScenarios } from "../state/scenarios.ts";
import { HeldMessages } from "./held-messages.tsx";
import { RuleList } from "./rule-list.tsx";
import { ScenarioCards } from "./scenario-cards.tsx";
import { ScenarioRuns } from "./scenario-runs.tsx";

export function FaultsScreen(): JSX.Element {
  const spoken = language.value;
  useEffect(() => {
    void loadScenarios();
  }, [spoken]);
  return (
    <div class="scroll faults" aria-label={words.value.faults.label}>
      <HeldMessages />
      <div class="faults-columns">
        <div>
          <RuleList />
          <ScenarioRuns />
        </div>
        <ScenarioCards />
      </div>
    </div>
  );
}
