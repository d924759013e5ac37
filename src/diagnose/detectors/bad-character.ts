/** F13: a body with a character XML 1.0 forbids passed, and both services fell right after, for everybody (CSCva72280, CSCva72325). */
import { type Case, falls } from "../case.ts";
import { bounded, type Detector, isServing, phrase } from "../claim.ts";

export const badCharacter: Detector = (one) => {
  if (one.badCharacter === null || one.scope !== "server") return null;
  const fell = one.has(...falls);
  if (!fell && !one.has("bad-character")) return null;
  const doubted = fell && isStanding(one);
  return {
    cause: "F13",
    side: "server",
    confidence: bounded(doubted ? 0.4 : fell ? 0.98 : 0.6),
    because: [phrase(fell ? "because.bad-character-fell" : "because.bad-character")],
    settle: [phrase("settle.hprof")],
  };
};

/** A service that fell has let nobody live. That it serves later says nothing once it has refused, or forgotten, somebody. */
function isStanding(one: Case): boolean {
  if (one.survivors > 0 || one.unharmed > 0) return true;
  return !one.has("refused", "unavailable", "invalid-sid") && isServing(one);
}
