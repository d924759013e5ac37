/** F7: the PC had no CPU to spare: this process was late itself, and so was every tab. */
import type { Case } from "../case.ts";
import { bounded, type Claim, type Detector, phrase } from "../claim.ts";
import { averageCpu, isBusy, longestQueue, ranFreely, totalLag, totalQueue } from "../machine.ts";
import { real } from "../thresholds.ts";

/** The processor is shared out: even a crowded one gives each its turn within this, protocol ms. */
const longestWait = 45_000;
/** R0 asks that our own lag covers the gap; the rest of it may be others' turns. */
const covering = 0.5;

export const starvedHost: Detector = (one) => {
  const { gap, vitals, scale } = one;
  const queued = longestQueue(vitals);
  if (queued >= real.lag && isCovered(one, totalQueue(vitals)))
    return claim(0.94, [phrase("because.queued", { seconds: Math.round(queued / 1000) })]);
  if (gap === null || !isBusy(vitals)) return null;
  const lag = totalLag(vitals);
  const cpu = Math.round((averageCpu(vitals) ?? 0) * 100);
  const isLate = lag >= gap.ms * covering;
  // Others of the same PC that went on had CPU enough, and so had we if we hardly ever queued.
  const isAll = gap.othersHeard === 0 && gap.ms * scale <= longestWait && !ranFreely(vitals);
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

/** Our being held up for so long explains it: a client that was silent, or what came late because it waited here. Nothing is refused or cut by that. */
export function isCovered({ gap, symptoms }: Case, heldUpMs: number): boolean {
  if (gap !== null) return heldUpMs >= gap.ms * covering;
  const longest = Math.max(0, ...symptoms.map(({ ms }) => ms ?? 0));
  return symptoms.every(({ kind }) => lateKinds.has(kind)) && heldUpMs >= longest * covering;
}

const lateKinds: ReadonlySet<string> = new Set(["late", "no-answer", "connect-stall"]);
