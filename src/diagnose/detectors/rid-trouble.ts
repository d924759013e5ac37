/** F22: the server ended the session over request ids: they skipped, came twice, or came too quick. Clients count them; a second path duplicates them. */
import { type Detector, phrase } from "../claim.ts";

export const ridTrouble: Detector = (one) =>
  one.has("protocol")
    ? {
        cause: "F22",
        side: "client",
        confidence: 0.85,
        because: [phrase("because.rid")],
        settle: [phrase("settle.second-path")],
      }
    : null;
