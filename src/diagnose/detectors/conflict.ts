/** F19: the same user and resource signed in elsewhere, and the server ended the older session for it. */
import { type Detector, phrase } from "../claim.ts";

export const conflict: Detector = (one) =>
  one.has("conflict")
    ? {
        cause: "F19",
        side: "client",
        confidence: 0.95,
        because: [phrase("because.conflict")],
        settle: [],
      }
    : null;
