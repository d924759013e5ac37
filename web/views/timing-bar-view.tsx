/** The bar of an exchange's marks; grows while it is open. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { formatSpan } from "../model/format.ts";
import { isPending } from "../model/pending-age.ts";
import { timingBar } from "../model/timing-bar.ts";
import { clockTick, serverNow } from "../state/clock.ts";
import { language } from "../state/preferences.ts";
import type { TabProps } from "./inspector.tsx";

const percent = (fraction: number): string => `${Math.max(0, fraction * 100)}%`;

export function TimingBarView({ shown }: TabProps): JSX.Element {
  const pending = isPending(shown);
  if (pending) void clockTick.value;
  const { timing } = words.value;
  const tongue = language.value;
  const bar = timingBar(shown.timing, pending, serverNow() - Date.parse(shown.at));
  return (
    <div class="timing">
      <div class="timing-bar" data-testid="timing-bar">
        {bar.spans.map((span) => (
          <span
            key={span.name}
            class={`span span-${span.name} ${span.open ? "open" : ""}`}
            style={{ left: percent(span.start), width: percent(span.width) }}
            title={`${timing.spans[span.name]}: ${formatSpan(span.toMs - span.fromMs, tongue)}`}
          />
        ))}
        {bar.failed === null ? null : (
          <span
            class="fail-mark"
            style={{ left: percent(bar.failed) }}
            title={timing.marks.failed}
          />
        )}
      </div>
      <ul class="legend">
        {bar.spans.map((span) => (
          <li key={span.name}>
            <span class={`swatch span-${span.name}`} aria-hidden="true" />
            {timing.spans[span.name]} {formatSpan(span.toMs - span.fromMs, tongue)}
          </li>
        ))}
        <li class="total">
          {timing.total} {formatSpan(bar.totalMs, tongue)}
        </li>
      </ul>
    </div>
  );
}
