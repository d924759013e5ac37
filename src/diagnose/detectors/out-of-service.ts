/** F15: the node says OUT_OF_SERVICE while both its ports answer: CTI, or what Finesse depends on, is down. */
import { bounded, type Detector, manyAgents, phrase } from "../claim.ts";

export const outOfService: Detector = (one) => {
  if (!one.has("out-of-service")) return null;
  const { notification, rest } = one;
  if (
    notification.count("refused", "reset", "fin", "early-empty", "ended-by-server", "invalid-sid") >
    0
  )
    return null;
  if (notification.isDown || rest.isDown || one.has("finesse-gone")) return null;
  const many = manyAgents(one);
  return {
    cause: "F15",
    side: "server",
    confidence: bounded(0.88 + Math.max(0, many.shift)),
    because: [phrase("because.out-of-service"), ...many.because],
    settle: [phrase("settle.cti-log")],
  };
};
