/** F7: the PC had no CPU to spare: this process was late itself, and so was every tab. */
import type { Case } from "../case.ts";
import { bounded, type Claim, type Detector, phrase } from "../claim.ts";
import { averageCpu, isBusy, longestLag, longestQueue } from "../machine.ts";
import { real } from "../thresholds.ts";

/** The processor is shared out: even a crowded one gives each its turn within this, protocol ms. */
const longestWait = 45_000;

export const starvedHost: Detector = (one) => {
  const { gap, vitals, scale } = one;
  const queued = longestQueue(vitals);
  if (queued >= real.lag && (gap !== null || isMerelyLate(one)))
    return claim(0.94, [phrase("because.queued", { seconds: Math.round(queued / 1000) })]);
  if (gap === null || !isBusy(vitals)) return null;
  const lag = longestLag(vitals);
  const cpu = Math.round((averageCpu(vitals) ?? 0) * 100);
  const isLate = lag >= real.lag / 2;
  // Others of the same PC that went on had CPU enough.
  const isAll = gap.othersHeard === 0 && gap.ms * scale <= longestWait;
  return claim(isLate ? 0.9 : isAll ? 0.8 : 0.45, [
    phrase("because.cpu", { cpu }),
    ...(isLate ? [phrase("because.lag", { ms: Math.round(lag) })] : []),
  ]);
};

const claim = (confidence: number, because: Claim["because"]): Claim => ({
  cause: "F7",
  side: "client",
  confidence: bounded(confidence),
  because,
  settle: [phrase("settle.cpu-counter")],
});

/** Nothing was refused or cut: what came late may have waited in our own queue. */
const isMerelyLate = ({ symptoms }: Case): boolean =>
  symptoms.every(({ kind }) => kind === "late" || kind === "no-answer" || kind === "connect-stall");
