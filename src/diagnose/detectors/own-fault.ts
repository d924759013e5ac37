/** F24: Boshscope itself: it broke the exchange, or its loop was late while the machine was not. */
import { type Detector, phrase } from "../claim.ts";
import { isBusy, longestLag } from "../machine.ts";
import { real } from "../thresholds.ts";

export const ownFault: Detector = (one) => {
  if (one.has("own"))
    return {
      cause: "F24",
      side: "boshscope",
      confidence: 0.9,
      because: [phrase("because.own")],
      settle: [],
    };
  const lag = longestLag(one.vitals);
  if (lag < real.lag || isBusy(one.vitals)) return null;
  return {
    cause: "F24",
    side: "boshscope",
    confidence: 0.8,
    because: [phrase("because.own-lag", { ms: Math.round(lag) })],
    settle: [phrase("settle.again")],
  };
};
