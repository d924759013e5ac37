/** F14: Finesse's web application is down while the Notification Service works: its port refuses, and `finesse` is not present. */
import type { Case } from "../case.ts";
import { bounded, type Detector, manyAgents, phrase } from "../claim.ts";

export const tomcatDown: Detector = (one) => {
  const gone = one.has("finesse-gone");
  const failing = one.shared ? 0 : one.rest.count(...failures);
  if ((!gone && failing === 0) || isNotificationDown(one)) return null;
  const because = [
    ...(gone ? [phrase("because.finesse-gone")] : []),
    ...(failing > 0
      ? [phrase("because.rest-failing", { count: failing, port: one.rest.port ?? 0 })]
      : []),
  ];
  const many = manyAgents(one);
  return {
    cause: "F14",
    side: "server",
    confidence: bounded(strength(one, gone, failing) + Math.max(0, many.shift)),
    because: [...because, ...many.because],
    settle: [phrase("settle.tomcat")],
  };
};

const failures = [
  "refused",
  "reset",
  "fin",
  "unavailable",
  "connect-stall",
  "no-answer",
  "tls-failed",
] as const;

const isNotificationDown = ({ notification }: Case): boolean =>
  notification.isDown &&
  notification.count("refused", "reset", "no-answer", "trickle", "unavailable", "connect-stall") >
    0;

/** One request that broke is no outage. */
function strength({ rest }: Case, gone: boolean, failing: number): number {
  if (gone) return failing > 0 ? 0.93 : 0.8;
  return rest.count("refused", "unavailable") === 0 && failing < 2 ? 0.45 : 0.72;
}
