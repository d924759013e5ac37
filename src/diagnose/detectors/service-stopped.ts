/** F11: the Notification Service was stopped: polls came back early and empty, or were told so, and then the port refused or knew nobody. */
import { bounded, type Detector, manyAgents, phrase } from "../claim.ts";
import { isRefusedUncut } from "./blocked-port.ts";

export const serviceStopped: Detector = (one) => {
  const { notification, rest } = one;
  const polite = notification.count("early-empty", "ended-by-server");
  const refused = notification.count("refused", "unavailable");
  const forgotten = notification.count("invalid-sid");
  const many = manyAgents(one);
  let confidence = 0;
  const because = [];
  if (polite > 0 && refused > 0) {
    confidence = 0.86;
    because.push(
      phrase("because.polite", { count: polite }),
      phrase("because.refused", { count: refused }),
    );
  } else if (polite + forgotten > 0 && one.agents.length >= 2) {
    confidence = 0.74;
    because.push(phrase("because.polite-many", { count: one.agents.length }));
  } else if (refused > 0 && !rest.isDown) {
    confidence = isRefusedUncut(one) ? 0.55 : notification.wasUp ? 0.7 : 0.6;
    because.push(phrase("because.refused", { count: refused }));
    // Some servers stop without a word, so that only their log knows it from a crash.
    if (notification.count("fin") > 0) confidence = 0.64;
  }
  if (confidence === 0) return null;
  if (notification.count("reset") > polite) confidence -= 0.2;
  return {
    cause: "F11",
    side: "server",
    confidence: bounded(confidence + many.shift),
    because: [...because, ...many.because],
    settle: [phrase("settle.openfire-info"), phrase("settle.service-list")],
  };
};
