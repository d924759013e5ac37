/** F22: the server ended the session over request ids: they skipped, came twice, or came too quick. Clients count them; a second path duplicates them. */
import { bounded, type Detector, lostAgain, phrase } from "../claim.ts";

const settle = [phrase("settle.second-path")];

export const ridTrouble: Detector = (one) => {
  if (one.has("protocol"))
    return {
      cause: "F22",
      side: "client",
      confidence: 0.85,
      because: [phrase("because.rid")],
      settle,
    };
  const lost = lostAgain(one);
  if (lost === 0) return null;
  // The ids we saw were in order: whatever upset the server was added beyond us.
  return {
    cause: "F22",
    side: "network",
    confidence: bounded(0.78 + (one.unharmed > 0 ? 0.06 : 0)),
    because: [phrase("because.lost-again", { count: lost })],
    settle,
  };
};
