/** Opened from an agent's strip: one more click breaks that agent's connection. */
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { words } from "../i18n/words.ts";
import { lanes } from "../state/lanes.ts";
import { breaking, loadScenarios, scenarios } from "../state/scenarios.ts";
import { DialogHead, Modal } from "./modal.tsx";
import { RunButton } from "./scenario-cards.tsx";

export function ScenarioPicker(): JSX.Element | null {
  const asked = breaking.value;
  const { faults } = words.value;
  useEffect(() => {
    if (asked !== null) void loadScenarios();
  }, [asked]);
  if (asked === null) return null;
  const close = (): void => {
    breaking.value = null;
  };
  const { agent } = asked;
  const target = { agent, host: lanes.agents.get(agent)?.host ?? "" };
  const loaded = scenarios.value;
  return (
    <Modal label={faults.breakTitle(agent)} onClose={close} wide>
      <DialogHead title={faults.breakTitle(agent)} onClose={close} />
      <p class="hint">{faults.breakHint}</p>
      {loaded.kind === "failed" ? <p role="alert">{loaded.failure.message}</p> : null}
      <ul class="picker">
        {(loaded.kind === "ready" ? loaded.value : []).map((card) => (
          <li key={card.name}>
            <div>
              <strong>{card.title}</strong> <span class="chip">{card.cause}</span>
              <p class="faint">{card.expected[0] ?? card.description}</p>
            </div>
            <RunButton card={card} target={target} onOneAgent onRun={close} />
          </li>
        ))}
      </ul>
    </Modal>
  );
}
