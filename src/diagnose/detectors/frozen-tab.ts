/** F4: the tab stopped asking: its answer was delivered, and nothing came from it for longer than any timer of its library. */
import { bounded, type Detector, phrase } from "../claim.ts";
import { browserIn } from "../machine.ts";

export const frozenTab: Detector = (one) => {
  const { gap } = one;
  if (gap === null) return null;
  const because = [phrase("because.turn")];
  let confidence = 0.6;
  if (gap.othersHeard > 0) {
    confidence = 0.76;
    because.push(phrase("because.others-alive", { count: gap.othersHeard }));
  }
  const browser = browserIn(one.vitals);
  if (browser !== null && browser.stopped > 0) {
    confidence = 0.87;
    because.push(
      phrase("because.browser-stopped", { stopped: browser.stopped, pids: browser.pids }),
    );
  } else if (browser !== null && browser.cpu >= 0.9) {
    confidence = 0.82;
    because.push(phrase("because.browser-busy", { cpu: Math.round(browser.cpu * 100) }));
  }
  return {
    cause: "F4",
    side: "client",
    confidence: bounded(confidence),
    because,
    settle: [phrase("settle.client-log"), phrase("settle.vitals")],
  };
};
