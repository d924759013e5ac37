/** F17: the whole node went: both ports were cut or refuse. */

import type { PortCase } from "../case.ts";
import { bounded, type Detector, manyAgents, phrase } from "../claim.ts";

const fell = ({ count }: PortCase): number =>
  count("refused", "reset", "fin", "unavailable", "tls-failed");

export const nodeRestart: Detector = (one) => {
  const { notification, rest, shared } = one;
  // A character that brought both down explains it better.
  if (shared || one.badCharacter !== null || one.survivors > 0) return null;
  const left = fell(notification) + notification.count("early-empty", "ended-by-server");
  if (left === 0 || rest.count("refused", "unavailable", "reset") === 0 || fell(notification) === 0)
    return null;
  const many = manyAgents(one);
  return {
    cause: "F17",
    side: "server",
    confidence: bounded(0.88 + Math.max(0, many.shift)),
    because: [phrase("because.both-refused"), ...many.because],
    settle: [phrase("settle.uptime")],
  };
};
