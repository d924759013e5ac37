/** What a failed exchange shows: who went away when, in the words of a symptom. */
import type { Outcome } from "../domain/exchange.ts";
import type { ExchangeFact } from "./fact.ts";
import type { SymptomKind } from "./symptom.ts";
import { limits, real } from "./thresholds.ts";

type Failed = Extract<Outcome, { kind: "failed" }>;

const onConnect: Partial<Record<Failed["cause"], SymptomKind>> = {
  refused: "refused",
  unreachable: "unreachable",
  timeout: "connect-timeout",
  dns: "dns",
  reset: "refused",
  "upstream-proxy": "unreachable",
};

/** null: nobody's fault, or not ours to say. */
export function failureSymptom(
  fact: ExchangeFact,
  outcome: Failed,
  scale: number,
): SymptomKind | null {
  const { cause, phase, blame } = outcome;
  if (cause === "capture-ended") return null;
  if (blame === "fault-rule" || cause === "fault-rule") return "own";
  if (cause === "certificate-changed" || cause === "certificate-invalid") return "bad-certificate";
  if (blame === "boshscope") return "own";
  if (phase === "connect") return onConnect[cause] ?? "refused";
  if (blame === "client") return leftByClient(fact, outcome, scale);
  if (phase === "tls") return "tls-failed";
  if (cause === "timeout") return "no-answer";
  if (isKeepAliveRace(fact)) return null;
  return cause === "reset" ? "reset" : "fin";
}

/**
 * A client that leaves at its library's timeout got no answer; one that leaves sooner closed its tab, or went elsewhere. JabberWerx waits for
 * the wait and 5 s, Strophe for 1.1 times the wait, both counted from sending.
 */
function leftByClient(
  fact: ExchangeFact,
  { phase, cause }: Failed,
  scale: number,
): SymptomKind | null {
  if (phase === "tls")
    return cause === "tls-untrusted" || cause === "closed-early" ? "distrust" : null;
  const age = (fact.end ?? fact.at) - fact.at;
  if (fact.sent === null)
    return age >= Math.max(limits.connectSlow / scale, real.connect) ? "connect-stall" : null;
  if (fact.role === "poll") {
    if (age < libraryTimeout(fact.waitMs, scale)) return null;
    return fact.notes.includes("answer-trickles") ? "trickle" : "no-answer";
  }
  if (fact.role !== "systeminfo" && fact.role !== "rest") return null;
  return age >= Math.max(limits.restSlow / scale, real.rest) ? "no-answer" : null;
}

/** The sooner of the two libraries', with some slack; real ms. */
export function libraryTimeout(waitMs: number | null, scale: number): number {
  const wait = (waitMs ?? limits.assumedWait / scale) * scale;
  return (
    (Math.min(Math.floor(wait * 1.1), wait + limits.lostBeyondWait) - limits.timeoutSlack / 2) /
    scale
  );
}

function isKeepAliveRace({ at, end, holdMs }: ExchangeFact): boolean {
  return holdMs === null && end !== null && end - at < real.keepAliveRace;
}
