/** How long an open row may stay open before it is worth a colour: granted wait + 2 s amber, + 5 s red. */
import type { ExchangeSummary } from "../../src/domain/exchange.ts";

export type AgeLevel = "calm" | "amber" | "red";

export interface AgeLimits {
  /** ms after the request was sent to the server. */
  readonly amber: number;
  readonly red: number;
}

/** What JabberWerx and Strophe ask for, assumed until the session's own grant was seen. */
const assumedWaitMs = 30_000;

type Dated = Pick<ExchangeSummary, "at" | "kind" | "role" | "timing" | "waitMs">;

/** null = this row may stay open for ever: a WebSocket or a tunnel. */
export function ageLimits(row: Pick<Dated, "kind" | "role" | "waitMs">): AgeLimits | null {
  if (row.kind !== "http") return null;
  if (row.role !== "poll") return { amber: 1000, red: 5000 };
  const wait = row.waitMs ?? assumedWaitMs;
  return { amber: wait + 2000, red: wait + 5000 };
}

/** ms since the request left for the server (or since it began, while it has not left); never negative. */
export function ageOf(row: Dated, serverNow: number): number {
  const sent = row.timing.requestSent ?? row.timing.requestEnd ?? 0;
  return Math.max(0, serverNow - Date.parse(row.at) - sent);
}

export function ageLevel(limits: AgeLimits | null, ageMs: number): AgeLevel {
  if (limits === null || ageMs < limits.amber) return "calm";
  return ageMs < limits.red ? "amber" : "red";
}

/** True while it waits for an answer, also a WebSocket that is not open yet. */
export function isPending(row: Pick<ExchangeSummary, "outcome">): boolean {
  return row.outcome.kind === "pending";
}
