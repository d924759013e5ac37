/** Tells recorded facts in time order, letting time pass between them as it did. */
import type { Finding } from "../domain/finding.ts";
import { Diagnosis } from "./diagnosis.ts";
import type { Fact } from "./fact.ts";

interface Timed {
  readonly at: number;
  readonly fact: Fact;
}

/** Silence is noticed in steps; a night's pause needs no more than its first minutes. */
const stepMs = 1000;
const maxSteps = 400;
const longStepMs = 60_000;
const afterMs = 2000;

/** `timeScale`: protocol seconds in a real one, of a demo in a hurry. Oldest finding first. */
export function replay(facts: readonly Timed[], timeScale = 1): Finding[] {
  const inOrder = facts.toSorted((a, b) => a.at - b.at);
  const diagnosis = new Diagnosis({ timeScale });
  let now = inOrder[0]?.at ?? 0;
  for (const { at, fact } of inOrder) {
    now = pass(diagnosis, now, at);
    diagnosis.observe(fact);
  }
  // Long enough for a log's line to be weighed; captures have said where they end.
  pass(diagnosis, now, now + afterMs);
  diagnosis.finish();
  return diagnosis.findings().toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

function pass(diagnosis: Diagnosis, from: number, until: number): number {
  let now = from;
  for (let steps = 0; now + stepMs < until; steps++) {
    now = Math.min(until, now + (steps < maxSteps ? stepMs : longStepMs));
    diagnosis.tick(now);
  }
  // Facts of the same moment are told before it has passed.
  if (until - now >= 200) {
    now = until;
    diagnosis.tick(now - 1);
  }
  return now;
}
