/** F6: the PC slept: this process did not run either, or the whole client was gone and came back on new connections. */
import { bounded, type Claim, type Detector, phrase } from "../claim.ts";
import { browserIn, hasSlept, longestSleep } from "../machine.ts";

const claim = (confidence: number, because: Claim["because"]): Claim => ({
  cause: "F6",
  side: "client",
  confidence: bounded(confidence),
  because,
  settle: [phrase("settle.sleep-log")],
});

export const sleep: Detector = (one) => {
  if (hasSlept(one.vitals))
    return claim(0.93, [
      phrase("because.slept", { seconds: Math.round(longestSleep(one.vitals) / 1000) }),
    ]);
  const { gap } = one;
  if (gap === null) return null;
  const browser = browserIn(one.vitals);
  if (browser !== null && browser.pids > 0 && browser.stopped >= browser.pids)
    return claim(0.88, [phrase("because.browser-stopped-whole", { pids: browser.pids })]);
  if (gap.ownRequests > 0 || gap.othersHeard > 0) return null;
  const died =
    gap.connectionEnd === "timeout" ||
    gap.connectionEnd === "reset" ||
    gap.connectionEnd === "failed";
  if (died) return claim(0.72, [phrase("because.client-vanished")]);
  if (gap.newConnection && gap.connectionEnd !== "fin")
    return claim(0.66, [phrase("because.new-connections")]);
  return null;
};
