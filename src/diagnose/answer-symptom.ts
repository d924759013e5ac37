/** What an answered exchange shows that is not as it should be. */
import type { ExchangeNote } from "../domain/exchange.ts";
import type { ExchangeFact } from "./fact.ts";
import type { SymptomKind } from "./symptom.ts";
import { limits, real } from "./thresholds.ts";

/** In order of what tells most. */
const byNote: readonly (readonly [ExchangeNote, SymptomKind])[] = [
  ["conflict", "conflict"],
  ["auth-failed", "auth"],
  ["policy-violation", "protocol"],
  ["rid-out-of-window", "protocol"],
  ["ended-by-server", "ended-by-server"],
  ["early-empty", "early-empty"],
  ["invalid-sid", "invalid-sid"],
  ["out-of-service", "out-of-service"],
  ["finesse-gone", "finesse-gone"],
  ["clock-off", "clock"],
  ["invalid-xml-char", "bad-character"],
];

const ridTrouble: readonly ExchangeNote[] = ["rid-out-of-window", "rid-gap", "rid-missing"];

/** Each says why the session ended, so that its mere end adds nothing. */
const reasons = new Set<SymptomKind>(["conflict", "auth", "protocol"]);

export function answerSymptoms(fact: ExchangeFact, status: number, scale: number): SymptomKind[] {
  if (status === 418) return ["locked-out"];
  const noted = byNote.filter(([note]) => fact.notes.includes(note)).map(([, kind]) => kind);
  const told = new Set([
    ...noted,
    ...notFound(fact),
    ...byStatus(fact, status),
    ...lateness(fact, scale),
  ]);
  const isExplained = [...told].some((kind) => reasons.has(kind));
  if (isExplained) told.delete("ended-by-server");
  if (told.has("out-of-service")) told.delete("unavailable");
  return [...told];
}

/** XEP-0124 17.2 has one word for a session that is unknown and for a rid it did not expect: the rids we saw tell which. */
function notFound({ notes }: ExchangeFact): SymptomKind[] {
  if (!notes.includes("item-not-found")) return [];
  return [ridTrouble.some((note) => notes.includes(note)) ? "protocol" : "invalid-sid"];
}

function byStatus({ role, notes }: ExchangeFact, status: number): SymptomKind[] {
  if (status === 401) return ["auth"];
  if (status >= 500) return ["unavailable"];
  const isPoll = role === "poll" && status === 404 && !notes.includes("session-created");
  return isPoll ? ["invalid-sid"] : [];
}

function lateness({ role, holdMs, waitMs }: ExchangeFact, scale: number): SymptomKind[] {
  if (holdMs === null) return [];
  const wait = waitMs ?? limits.assumedWait / scale;
  const most =
    role === "poll"
      ? wait + Math.max(limits.lateBeyondWait / scale, 1000)
      : Math.max(limits.restSlow / scale, real.rest);
  const isTimed = role === "poll" || role === "systeminfo" || role === "rest";
  return isTimed && holdMs > most ? ["late"] : [];
}
