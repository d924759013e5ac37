/**
 * Whether a failure of the notification port is a first failing exchange of its own, although an incident of its host is still open: what was over
 * before, and what other ports were slow with, would give it a wrong beginning and lend it their blame.
 */
import type { Incident } from "./incident.ts";
import { beganAt, isAbsence, isHard, type Symptom, type SymptomKind } from "./symptom.ts";
import { limits } from "./thresholds.ts";
import type { World } from "./world.ts";

const slow = new Set<SymptomKind>(["late", "no-answer"]);
const cuts = new Set<SymptomKind>(["late", "reset", "fin"]);
/** Nothing that only cuts or delays does these. */
const down = new Set<SymptomKind>(["refused", "unavailable"]);
const endings = new Set<SymptomKind>(["early-empty", "ended-by-server", "invalid-sid"]);

/** Those of the incident's symptoms that belong to the new failure; null where the incident goes on with it. */
export function takenAlong(
  incident: Incident,
  symptom: Symptom,
  world: World,
): readonly Symptom[] | null {
  const isTelling = isHard(symptom.kind) || endings.has(symptom.kind);
  if (incident.scope !== "server" || !isTelling || !isOnNotification(symptom, world)) return null;
  const current = incident.symptoms.filter((one) => !isOver(one, symptom, world));
  if (current.length === incident.symptoms.length) return null;
  // It failed lately, and served since: one trouble that comes and goes.
  const comesAndGoes = current.some(
    (one) => isHard(one.kind) && isOnNotification(one, world) && servedAt(one, world) >= one.at,
  );
  return comesAndGoes ? null : current;
}

const isOnNotification = ({ host, port, path }: Symptom, world: World): boolean =>
  path !== "rest" && world.port(host, port).isNotification;

const servedAt = ({ host, port }: Symptom, world: World): number =>
  world.port(host, port).ok?.at ?? 0;

/** Its port served well for long enough since, and before the new failure began. */
function isOver(one: Symptom, next: Symptom, world: World): boolean {
  const until = one.at + world.ms(quietAfter(one, next, world));
  return until <= beganAt(next) && servedAt(one, world) >= until;
}

/** How long a port has to be well after this until the next has nothing to do with it, protocol ms. */
function quietAfter(one: Symptom, next: Symptom, world: World): number {
  if (isOnNotification(one, world))
    return cuts.has(one.kind) && down.has(next.kind) ? limits.sameInstant : limits.together;
  // Slowness of the other port and a request without an answer may be one network's doing; a cut is not slow.
  if (slow.has(one.kind)) return isAbsence(next) ? limits.sameInstant : 0;
  return isHard(one.kind) ? limits.sameInstant : limits.together;
}
