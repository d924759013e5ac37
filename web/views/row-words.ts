/** What a row's Result and Hold cells say beyond numbers: the words that go with the icon, so that colour is never alone. */
import type { ExchangeSummary } from "../../src/domain/exchange.ts";
import type { Dictionary } from "../i18n/en.ts";
import { formatClock, formatSpan, type Language } from "../model/format.ts";
import { type AgeLevel, ageLevel, ageLimits, ageOf, isPending } from "../model/pending-age.ts";
import type { IconName } from "./icons.tsx";

export interface RowState {
  readonly level: AgeLevel;
  readonly icon: IconName | null;
  /** Word beside the icon, or "". */
  readonly word: string;
  readonly hold: string;
}

/** `now`: server time, ms since 1970; only matters for rows that wait. */
export function rowState(
  row: ExchangeSummary,
  now: number,
  words: Dictionary,
  language: Language,
): RowState {
  if (row.outcome.kind === "failed") {
    const waited = holdOf(row);
    return {
      level: "red",
      icon: "broken",
      word: shortCause(row.outcome, words),
      hold: waited === null ? "" : formatSpan(waited, language),
    };
  }
  if (!isPending(row)) {
    const hold = row.holdMs === null ? "" : formatSpan(row.holdMs, language);
    return { level: "calm", icon: null, word: "", hold };
  }
  return waitingState(row, now, words, language);
}

function waitingState(
  row: ExchangeSummary,
  now: number,
  words: Dictionary,
  language: Language,
): RowState {
  const age = ageOf(row, now);
  const limits = ageLimits(row);
  const level = ageLevel(limits, age);
  const hold = formatClock(age, language);
  if (limits === null) return { level, icon: "open", word: words.list.open, hold };
  if (level === "calm") return { level, icon: "hourglass", word: words.list.waiting, hold };
  const word = level === "amber" || row.role !== "poll" ? words.list.overdue : words.list.lost;
  return { level, icon: "overdue", word, hold };
}

/** How long the answer was waited for, also when none came; null when the request never reached the server. */
function holdOf(row: ExchangeSummary): number | null {
  if (row.holdMs !== null) return row.holdMs;
  const { failed, requestSent, responseFirst } = row.timing;
  if (row.kind === "tunnel") return null;
  if (failed === null || requestSent === null || responseFirst !== null) return null;
  return failed - requestSent;
}

type Failed = Extract<ExchangeSummary["outcome"], { kind: "failed" }>;

/** "reset by server"; causes that name their author already stay as they are. */
export function shortCause(outcome: Failed, words: Dictionary): string {
  const short = words.wire.shortCause[outcome.cause];
  if (outcome.cause === "tls-alert" && outcome.alert !== null) return `${short} ${outcome.alert}`;
  const open = outcome.cause === "reset" || outcome.cause === "closed-early";
  return open ? `${short} ${words.wire.by[outcome.blame]}` : short;
}
