/** F23: a reverse proxy's guard against guessing passwords answers 418 and shuts the address out. */
import { type Detector, phrase } from "../claim.ts";

export const lockout: Detector = (one) =>
  one.has("locked-out")
    ? {
        cause: "F23",
        side: "configuration",
        confidence: 0.95,
        because: [phrase("because.418")],
        settle: [],
      }
    : null;
