/** F20: user, password or token was refused. A first 401 is how Basic authentication begins, so one alone says nothing; its retry comes at once, so two apart are a refusal. */
import { type Detector, phrase } from "../claim.ts";
import { refusedAgain } from "../symptom.ts";

const refusals = 3;

export const credentials: Detector = (one) => {
  if (one.scope !== "auth") return null;
  const sasl = one.symptoms.some(({ kind, path }) => kind === "auth" && path === "notification");
  const count = one.symptoms.filter(({ kind }) => kind === "auth").length;
  const again = one.symptoms.some(({ detail }) => detail === refusedAgain);
  // Where no agent is known, successes between them are not known either.
  const unnamed = one.agents.length === 0 && count >= refusals;
  if (!sasl && !again && !unnamed) return null;
  return {
    cause: "F20",
    side: "configuration",
    confidence: sasl ? 0.92 : 0.8,
    because: [phrase(sasl ? "because.sasl" : "because.unauthorized", { count })],
    settle: [phrase("settle.sso-log")],
  };
};
