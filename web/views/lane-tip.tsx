/** What the mark under the mouse or the cursor is, in a line; read aloud when the cursor moves. */
import type { JSX } from "preact";
import type { LaneMark } from "../../src/domain/timeline.ts";
import { words } from "../i18n/words.ts";
import { formatSpan, formatTime } from "../model/format.ts";
import { cursor, lanes } from "../state/lanes.ts";
import { language } from "../state/preferences.ts";

export interface Tip {
  readonly mark: LaneMark;
  /** Exchanges in the same place. */
  readonly count: number;
  /** Of the window, px. */
  readonly x: number;
  readonly y: number;
}

export function LaneTip({ tip }: { readonly tip: Tip | null }): JSX.Element {
  const number = cursor.value;
  const under = number === null ? undefined : lanes.get(number);
  return (
    <>
      <p id="lane-cursor" class="lane-cursor" aria-live="polite" data-testid="lane-cursor">
        {under === undefined ? "" : describe(under)}
      </p>
      {tip === null ? null : (
        <p
          class="lane-tip"
          role="tooltip"
          style={{ left: `${Math.min(tip.x + 12, innerWidth - 420)}px`, top: `${tip.y + 14}px` }}
        >
          {describe(tip.mark)}
          {tip.count > 1 ? ` · ${words.value.lanes.merged(tip.count)}` : ""}
        </p>
      )}
    </>
  );
}

/** `14:03:22.117 poll 7443 · answered 200 · 30.02 s · empty`. */
export function describe(mark: LaneMark): string {
  const { lanes: dictionary } = words.value;
  const tongue = language.value;
  const parts = [
    `#${mark.number} ${formatTime(new Date(mark.at).toISOString())} ${mark.role} ${mark.host}:${mark.port}`,
    `${dictionary.state[mark.state]}${mark.status === null ? "" : ` ${mark.status}`}`,
    mark.end === null ? null : formatSpan(mark.end - mark.at, tongue),
    mark.event,
    mark.notes
      .filter((note) => note !== "secrets-replaced")
      .concat(mark.faults.map((fault) => `⚡${fault}`))
      .join(", "),
  ];
  return parts.filter((part) => part !== null && part !== "").join(" · ");
}
