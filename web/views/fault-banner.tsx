/** On every screen while a rule is armed or a message is held: what is being done to traffic, and the way to end it. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { armedRules, disarmAll, faults } from "../state/faults.ts";
import { screen } from "../state/navigation.ts";
import { Icon } from "./icons.tsx";

const sentencesShown = 3;

export function FaultBanner(): JSX.Element | null {
  const armed = armedRules.value;
  const held = faults.value.held.length;
  if (armed.length === 0 && held === 0) return null;
  const { faults: dictionary } = words.value;
  const rest = armed.length - sentencesShown;
  return (
    <section class="fault-banner" aria-label={dictionary.label} data-testid="fault-banner">
      <Icon name="bolt" />
      <div role="status">
        {armed.length === 0 ? null : <strong>{dictionary.bannerTitle(armed.length)}</strong>}
        <ul>
          {armed.slice(0, sentencesShown).map(({ id, sentence }) => (
            <li key={id}>{sentence}</li>
          ))}
          {rest > 0 ? <li>{dictionary.bannerMore(rest)}</li> : null}
        </ul>
        {held === 0 ? null : (
          <p>
            <strong>{dictionary.heldTitle(held)}</strong>{" "}
            <button
              type="button"
              class="link"
              onClick={() => {
                screen.value = "faults";
              }}
            >
              {dictionary.toHeld}
            </button>
          </p>
        )}
      </div>
      <button
        type="button"
        class="button danger"
        title={dictionary.disarmAllHint}
        data-testid="disarm-all"
        onClick={disarmAll}
      >
        <Icon name="stop" />
        {dictionary.disarmAll}
        <kbd>Ctrl+Shift+X</kbd>
      </button>
    </section>
  );
}
