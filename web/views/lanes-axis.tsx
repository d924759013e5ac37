/** The time axis over the lanes, in this machine's local time. */
import type { JSX } from "preact";
import { pixelOf, spanOf, ticksOf } from "../model/lane-scale.ts";
import { clockTick } from "../state/clock.ts";
import { currentView, lanesVersion, laneView } from "../state/lanes.ts";

export function LanesAxis({ width }: { readonly width: number }): JSX.Element {
  void clockTick.value;
  void lanesVersion.value;
  void laneView.value;
  const view = currentView();
  const ticks = ticksOf(view, width, new Date(view.to).getTimezoneOffset());
  return (
    <div class="lanes-axis" aria-hidden="true">
      {ticks.map((at) => (
        <span key={at} style={{ left: `${pixelOf(at, view, width)}px` }}>
          {clockOf(at, spanOf(view) < 120_000 || at % 60_000 !== 0)}
        </span>
      ))}
    </div>
  );
}

function clockOf(at: number, withSeconds: boolean): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return withSeconds ? `${minutes}:${two(date.getSeconds())}` : minutes;
}
