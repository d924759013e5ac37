/** F24: Boshscope itself: it broke the exchange, or its loop was late while the machine was not. */
import { type Detector, phrase } from "../claim.ts";
import { isBusy, longestLag, longestQueue, totalLag } from "../machine.ts";
import { real } from "../thresholds.ts";
import { isCovered } from "./starved-host.ts";

export const ownFault: Detector = (one) => {
  if (one.has("own"))
    return {
      cause: "F24",
      side: "boshscope",
      confidence: 0.9,
      because: [phrase("because.own")],
      settle: [],
    };
  const stop = one.symptoms.find(({ kind }) => kind === "own-stop");
  if (stop !== undefined)
    return {
      cause: "F24",
      side: "boshscope",
      confidence: 0.85,
      because: [phrase("because.own-stop", { seconds: Math.round((stop.ms ?? 0) / 1000) })],
      settle: [phrase("settle.again")],
    };
  const lag = longestLag(one.vitals);
  if (lag < real.lag || isBusy(one.vitals) || longestQueue(one.vitals) > lag / 2) return null;
  if (!isCovered(one, totalLag(one.vitals))) return null;
  return {
    cause: "F24",
    side: "boshscope",
    confidence: 0.8,
    because: [phrase("because.own-lag", { ms: Math.round(lag) })],
    settle: [phrase("settle.again")],
  };
};
