/** What became of an exchange, in one full sentence of the given language. */
import type { ExchangeSummary } from "../../src/domain/exchange.ts";
import type { Dictionary } from "../i18n/en.ts";
import { formatClock, formatSpan, type Language } from "./format.ts";
import { ageLevel, ageLimits, ageOf } from "./pending-age.ts";

type Told = Pick<
  ExchangeSummary,
  "outcome" | "holdMs" | "at" | "kind" | "role" | "timing" | "waitMs"
>;

/** `now`: server time in ms since 1970; only matters while the exchange is open. */
export function outcomeSentence(
  row: Told,
  now: number,
  words: Dictionary,
  language: Language,
): string {
  switch (row.outcome.kind) {
    case "pending":
      return pendingSentence(row, now, words, language);
    case "responded": {
      const { status, reason } = row.outcome;
      const shown = reason === "" ? String(status) : `${status} ${reason}`;
      return row.holdMs === null
        ? words.summary.respondedPlain(shown)
        : words.summary.responded(shown, formatSpan(row.holdMs, language));
    }
    case "failed":
      return failureSentence(row.outcome, words);
  }
}

function pendingSentence(row: Told, now: number, words: Dictionary, language: Language): string {
  const { summary } = words;
  const age = ageOf(row, now);
  const clock = formatClock(age, language);
  const limits = ageLimits(row);
  if (limits === null) return summary.open(clock);
  const level = ageLevel(limits, age);
  if (row.role !== "poll") {
    return level === "calm" ? summary.pendingOther(clock) : summary.pendingSlow(clock);
  }
  const granted = formatClock(row.waitMs ?? 30_000, language);
  const sentences = {
    calm: summary.pendingHeld,
    amber: summary.pendingLate,
    red: summary.pendingLost,
  };
  const sentence = sentences[level](clock, granted);
  return row.waitMs === null ? `${sentence} ${summary.assumedWait}` : sentence;
}

type Failed = Extract<ExchangeSummary["outcome"], { kind: "failed" }>;

/** Who did what, and during which phase. */
export function failureSentence(outcome: Failed, words: Dictionary): string {
  const { wire, summary } = words;
  const sentence = `${wire.cause[outcome.cause](wire.who[outcome.blame])}, ${wire.phase[outcome.phase]}.`;
  return outcome.status === null ? sentence : `${sentence} ${summary.headSeen(outcome.status)}`;
}
