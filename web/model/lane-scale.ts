/** The part of time that lanes show, and how it maps to pixels. */

export interface LaneView {
  /** Wall ms at the left and right edge. */
  readonly from: number;
  readonly to: number;
}

/** Ten seconds to a week. */
const least = 10_000;
const most = 7 * 24 * 3_600_000;

export const spanOf = ({ from, to }: LaneView): number => to - from;

export const pixelOf = (at: number, view: LaneView, width: number): number =>
  ((at - view.from) / spanOf(view)) * width;

export const timeOf = (pixel: number, view: LaneView, width: number): number =>
  view.from + (pixel / Math.max(1, width)) * spanOf(view);

/** `factor` below 1 zooms in; the moment `around` stays where it is. */
export function zoomed(view: LaneView, factor: number, around: number): LaneView {
  const span = Math.min(most, Math.max(least, spanOf(view) * factor));
  const part = spanOf(view) === 0 ? 0.5 : (around - view.from) / spanOf(view);
  const from = around - span * part;
  return { from, to: from + span };
}

export const panned = ({ from, to }: LaneView, ms: number): LaneView => ({
  from: from + ms,
  to: to + ms,
});

/** The view of the same span that ends a little after now, so that growing bars have room. */
export function following(view: LaneView, now: number): LaneView {
  const to = now + spanOf(view) * 0.03;
  return { from: to - spanOf(view), to };
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400];
const leastGap = 90;

/** Moments for the axis: round ones of this machine's time zone, at least 90 px apart. */
export function ticksOf(view: LaneView, width: number, zoneMinutes: number): readonly number[] {
  const room = (spanOf(view) / Math.max(1, width)) * leastGap;
  const step = (steps.find((seconds) => seconds * 1000 >= room) ?? 86_400) * 1000;
  const shift = zoneMinutes * 60_000;
  const ticks: number[] = [];
  for (let at = Math.ceil((view.from - shift) / step) * step; at + shift <= view.to; at += step) {
    ticks.push(at + shift);
    if (ticks.length > 200) break;
  }
  return ticks;
}
