/** F7: the PC had no CPU to spare: this process was late itself, and so was every tab. */
import { bounded, type Detector, phrase } from "../claim.ts";
import { averageCpu, isBusy, longestLag } from "../machine.ts";
import { real } from "../thresholds.ts";

export const starvedHost: Detector = (one) => {
  if (one.gap === null || !isBusy(one.vitals)) return null;
  const lag = longestLag(one.vitals);
  const cpu = Math.round((averageCpu(one.vitals) ?? 0) * 100);
  const because = [phrase("because.cpu", { cpu })];
  if (lag >= real.lag) because.push(phrase("because.lag", { ms: Math.round(lag) }));
  return {
    cause: "F7",
    side: "client",
    confidence: bounded(lag >= real.lag ? 0.92 : 0.86),
    because,
    settle: [phrase("settle.cpu-counter")],
  };
};
