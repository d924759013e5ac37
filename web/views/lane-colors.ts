/** The theme's colours for the canvas, which knows no CSS variables. */
import type { LaneColors } from "./draw-lanes.ts";

/** Of an element that sets the variables; call again when the theme changes. */
export function laneColors(element: HTMLElement): LaneColors {
  // A computed colour resolves light-dark(); a variable's value does not.
  const probe = document.createElement("span");
  element.append(probe);
  const of = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const colors: LaneColors = {
    level: {
      idle: of("--lane-idle"),
      stanzas: of("--lane-stanzas"),
      held: of("--lane-held"),
      noted: of("--lane-noted"),
      amber: of("--amber-ground"),
      red: of("--red-ground"),
    },
    edge: {
      idle: of("--line-strong"),
      stanzas: of("--accent"),
      held: of("--accent"),
      noted: of("--amber"),
      amber: of("--amber"),
      red: of("--red"),
    },
    line: of("--line-strong"),
    text: of("--text"),
    faint: of("--faint"),
    amber: of("--amber"),
    red: of("--red"),
    accent: of("--accent"),
    fault: of("--fault"),
    stripe: of("--panel"),
  };
  probe.remove();
  return colors;
}
