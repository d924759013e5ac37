/** F13: a body with a character XML 1.0 forbids passed, and both services fell right after (CSCva72280, CSCva72325). */
import { bounded, type Detector, phrase } from "../claim.ts";

export const badCharacter: Detector = (one) => {
  if (one.badCharacter === null || one.scope !== "server") return null;
  const fell = one.has("reset", "fin", "refused", "unavailable", "ended-by-server");
  if (!fell && !one.has("bad-character")) return null;
  return {
    cause: "F13",
    side: "server",
    confidence: bounded(fell ? 0.98 : 0.6),
    because: [phrase(fell ? "because.bad-character-fell" : "because.bad-character")],
    settle: [phrase("settle.hprof")],
  };
};
