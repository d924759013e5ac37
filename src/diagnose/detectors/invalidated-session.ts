/** F18: the server dropped one session: early and empty or with a terminate, then 404, while everything else goes on. */
import { bounded, type Detector, phrase } from "../claim.ts";

export const invalidatedSession: Detector = (one) => {
  if (one.scope !== "server") return null;
  const { notification } = one;
  const dropped = notification.count("invalid-sid", "early-empty", "ended-by-server");
  if (dropped === 0 || notification.count("refused", "no-answer", "unavailable") > 0) return null;
  const early = notification.count("early-empty", "ended-by-server") > 0;
  const gone = notification.count("invalid-sid") > 0;
  const single = one.agents.length <= 1;
  const base = early && gone ? 0.84 : gone ? 0.7 : 0.5;
  const cut = notification.count("reset", "fin") > 0 ? -0.2 : 0;
  return {
    cause: "F18",
    side: "server",
    confidence: bounded(base + cut + (single ? 0 : -0.25) + (one.unharmed > 0 ? 0.06 : 0)),
    because: [phrase(early ? "because.early-then-404" : "because.404-no-gap")],
    settle: [phrase("settle.openfire-info")],
  };
};
