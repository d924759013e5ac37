/** F9: the clocks of server and client differ. A report, not a disconnect: none of the timers compares them. */
import { type Detector, phrase } from "../claim.ts";

/** One sample may be a slow answer. */
const samples = 2;

export const clockDrift: Detector = (one) => {
  const off = one.symptoms.filter(({ kind }) => kind === "clock");
  if (one.scope !== "clock" || off.length < samples) return null;
  const measured = off.findLast(({ detail }) => detail.includes("drift"))?.detail ?? "";
  const drift = /drift ([+-]?\d+)/.exec(measured)?.[1] ?? "?";
  return {
    cause: "F9",
    side: "configuration",
    confidence: 0.9,
    because: [phrase("because.drift", { drift })],
    settle: [phrase("settle.ntp")],
  };
};
