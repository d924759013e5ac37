/** What stands out about an exchange beyond its outcome: the rules that touched it, the findings that rest on it. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { ruleById } from "../state/faults.ts";
import { evidence, openFinding } from "../state/findings.ts";
import { screen } from "../state/navigation.ts";
import { Icon } from "./icons.tsx";
import type { TabProps } from "./inspector.tsx";

export function SummaryMarks({ shown }: TabProps): JSX.Element {
  const { faults, findings } = words.value;
  const proofs = evidence.value.get(shown.id) ?? [];
  return (
    <>
      {shown.faults.map((id) => (
        <p key={id} class="mark-line fault" data-testid="touched-by">
          <Icon name="bolt" />
          <button
            type="button"
            class="link"
            onClick={() => {
              screen.value = "faults";
            }}
          >
            {faults.touched(ruleById(id)?.sentence ?? faults.unknownRule(id))}
          </button>
        </p>
      ))}
      {proofs.map((finding) => (
        <p key={finding.id} class="mark-line proof" data-testid="evidence-of">
          <Icon name="flag" />
          <button type="button" class="link" onClick={() => openFinding(finding.id)}>
            {findings.isEvidence}: {finding.title}
          </button>
        </p>
      ))}
    </>
  );
}
