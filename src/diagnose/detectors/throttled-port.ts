/** F2: something between throttles or ages the notification port: polls cut though the session goes on, late though the other port is quick, or lost for one client alone. */
import type { Case } from "../case.ts";
import { bounded, type Detector, isServing, phrase, secondsOf } from "../claim.ts";

export const throttledPort: Detector = (one) => {
  const { notification, rest } = one;
  if (
    notification.count("refused", "unavailable") > 0 ||
    one.has("invalid-sid", "early-empty", "ended-by-server")
  )
    return null;
  const cuts = notification.count("reset", "fin");
  const late = notification.count("late");
  const because = [];
  let confidence = 0;
  if (cuts > 0) {
    confidence = isServing(one) ? 0.74 : 0.42;
    because.push(phrase("because.cut-session-lives", { count: cuts }));
    const age = constantAge(one);
    if (age !== null) {
      confidence += 0.12;
      because.push(phrase("because.constant-age", { seconds: secondsOf(age, one.scale) }));
    }
  }
  if (late > 0) {
    confidence = Math.max(confidence, rest.isDown ? 0.3 : 0.72);
    because.push(phrase("because.late", { count: late }));
  }
  if (notification.count("no-answer") > 0 && one.unharmed > 0) {
    confidence = Math.max(confidence, 0.68);
    because.push(phrase("because.alone", { unharmed: one.unharmed }));
  }
  if (confidence === 0) return null;
  if (rest.isUp && !one.shared) {
    confidence += 0.04;
    because.push(phrase("because.other-port", { port: rest.port ?? 0 }));
  }
  return {
    cause: "F2",
    side: "network",
    confidence: bounded(confidence),
    because,
    settle: [phrase("settle.other-network"), phrase("settle.wireshark")],
  };
};

/** Most polls cut at about the same age, real ms. The first may differ: its connection was older than it. */
function constantAge({ notification }: Case): number | null {
  const ages = notification.symptoms
    .flatMap(({ kind, ms }) => ((kind === "reset" || kind === "fin") && ms !== null ? [ms] : []))
    .toSorted((a, b) => a - b);
  const middle = ages[Math.floor(ages.length / 2)];
  if (middle === undefined || ages.length < 2) return null;
  const alike = ages.filter((age) => Math.abs(age - middle) <= Math.max(300, middle * 0.1)).length;
  const isConstant = alike === ages.length || (alike >= 3 && alike * 3 >= ages.length * 2);
  return isConstant ? middle : null;
}
