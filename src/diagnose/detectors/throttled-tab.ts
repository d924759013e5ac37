/** F5: a hidden tab: its silences are whole ticks of Chrome's throttled timers, 1 s at first, 1 min after five minutes. */
import type { Case, GapCase } from "../case.ts";
import { bounded, type Detector, phrase } from "../claim.ts";
import { limits } from "../thresholds.ts";

export const throttledTab: Detector = (one) => {
  const { gap } = one;
  if (gap === null) return null;
  const ticks = minuteTicks(one, gap);
  const seconds = secondTicks(one, gap);
  if (ticks + seconds === 0 && gap.ownRequests === 0) return null;
  const alive = gap.ownRequests > 0;
  const confidence = ticks >= 2 ? 0.86 : ticks === 1 || seconds >= 3 ? 0.74 : 0.62;
  const because = [
    ...(ticks > 0 ? [phrase("because.minute-ticks", { ticks })] : []),
    ...(seconds >= 3 ? [phrase("because.second-ticks", { ticks: seconds })] : []),
    ...(alive ? [phrase("because.page-alive", { requests: gap.ownRequests })] : []),
  ];
  return {
    cause: "F5",
    side: "client",
    confidence: bounded(confidence + (alive ? 0.04 : 0)),
    because,
    settle: [phrase("settle.tab-visible")],
  };
};

/** Silences of about a minute. */
function minuteTicks({ scale }: Case, { session }: GapCase): number {
  return session.gaps.filter(({ since, endedAt }) => {
    const ms = ((endedAt ?? since) - since) * scale;
    return Math.abs(ms - limits.hiddenTick) <= 1500;
  }).length;
}

/** Silences of one second before the long one. */
function secondTicks({ scale }: Case, { session }: GapCase): number {
  return session.gaps.filter(({ since, endedAt }) => {
    const ms = ((endedAt ?? since) - since) * scale;
    return ms >= 850 && ms <= 1300;
  }).length;
}
