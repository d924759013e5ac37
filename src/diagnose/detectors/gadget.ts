/** F8: a gadget's storm of requests began with, or in, the silence: it kept the page from its polls. */
import { bounded, type Detector, phrase } from "../claim.ts";
import { stormGadgetCalls, stormRequests } from "../thresholds.ts";

export const gadget: Detector = ({ gap }) => {
  if (gap === null) return null;
  const { all, gadget: calls } = gap.storm;
  if (calls < stormGadgetCalls && all < stormRequests) return null;
  return {
    cause: "F8",
    side: "client",
    confidence: bounded(calls >= stormGadgetCalls ? 0.9 : 0.8),
    because: [phrase("because.storm", { all, calls })],
    settle: [phrase("settle.without-gadgets")],
  };
};
