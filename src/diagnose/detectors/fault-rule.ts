/** F25: a fault rule of Boshscope's touched it. Whoever arms a fault is who broke it; nobody else is blamed. */
import { type Detector, phrase } from "../claim.ts";

export const faultRule: Detector = ({ faults }) =>
  faults.length === 0
    ? null
    : {
        cause: "F25",
        side: "fault-rule",
        confidence: 0.98,
        because: [phrase("because.fault-rule", { rules: faults.join(", ") })],
        settle: [],
      };
