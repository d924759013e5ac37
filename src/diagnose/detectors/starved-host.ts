/** F7: the PC had no CPU to spare: this process was late itself, and so was every tab. */
import { bounded, type Detector, phrase } from "../claim.ts";
import { averageCpu, isBusy, longestLag } from "../machine.ts";
import { real } from "../thresholds.ts";

/** The processor is shared out: even a crowded one gives each its turn within this, protocol ms. */
const longestWait = 45_000;

export const starvedHost: Detector = (one) => {
  const { gap, vitals, scale } = one;
  if (gap === null || !isBusy(vitals)) return null;
  const lag = longestLag(vitals);
  const cpu = Math.round((averageCpu(vitals) ?? 0) * 100);
  const isLate = lag >= real.lag / 2;
  // Others of the same PC that went on had CPU enough.
  const isAll = gap.othersHeard === 0 && gap.ms * scale <= longestWait;
  return {
    cause: "F7",
    side: "client",
    confidence: bounded(isLate ? 0.9 : isAll ? 0.8 : 0.45),
    because: [
      phrase("because.cpu", { cpu }),
      ...(isLate ? [phrase("because.lag", { ms: Math.round(lag) })] : []),
    ],
    settle: [phrase("settle.cpu-counter")],
  };
};
