/** At the end of an agent's strip: its findings, and the way to break its connection on purpose. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { findingsOfAgent, openFinding } from "../state/findings.ts";
import { breaking } from "../state/scenarios.ts";
import { Icon } from "./icons.tsx";

export function StripTools({ agent }: { readonly agent: string }): JSX.Element {
  const { findings, faults } = words.value;
  const found = findingsOfAgent.value.get(agent) ?? [];
  const [latest] = found;
  return (
    <span class="strip-tools">
      {latest === undefined ? null : (
        <button
          type="button"
          class={`strip-flag severity-${latest.severity}`}
          title={`${findings.ofAgent(found.length)}. ${latest.title}`}
          aria-label={`${findings.ofAgent(found.length)}: ${latest.title}`}
          data-testid={`flag-${agent}`}
          onClick={() => openFinding(latest.id)}
        >
          <Icon name="flag" />
          {found.length}
        </button>
      )}
      <button
        type="button"
        class="strip-break"
        title={faults.breakAgent(agent)}
        aria-label={faults.breakAgent(agent)}
        data-testid={`break-${agent}`}
        onClick={() => {
          breaking.value = { agent };
        }}
      >
        <Icon name="bolt" />
      </button>
    </span>
  );
}
