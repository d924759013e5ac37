/** Over the Live list while one is there to look at evidence: whose, and the way back. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { cameFrom, goBack } from "../state/evidence.ts";
import { findings } from "../state/findings.ts";
import { IconButton } from "./button.tsx";
import { Icon } from "./icons.tsx";

export function OriginBar(): JSX.Element | null {
  const origin = cameFrom.value;
  if (origin === null) return null;
  const { findings: dictionary, app } = words.value;
  const finding = findings.value.find(({ id }) => id === origin.finding);
  return (
    <div class="origin-bar" data-testid="origin">
      <button type="button" class="button small" data-testid="go-back" onClick={goBack}>
        <Icon name="left" />
        {origin.finding === null ? app.screens[origin.screen] : dictionary.backToFinding}
      </button>
      {finding === undefined ? null : (
        <span class="origin-text">
          {dictionary.fromFinding} {finding.title}
        </span>
      )}
      <span class="spacer" />
      <IconButton
        icon="close"
        label={dictionary.stay}
        onClick={() => {
          cameFrom.value = null;
        }}
      />
    </div>
  );
}
