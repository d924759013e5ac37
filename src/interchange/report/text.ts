/** How times, numbers and requests are written in a report, whatever its form. */
import type { ExchangeSummary, Outcome } from "../../domain/exchange.ts";
import type { ReportWords } from "./words.ts";

/** `2026-11-25 04:16:03.250`. */
export const instant = (iso: string): string => iso.replace("T", " ").replace(/Z$/, "");

/** `04:16:03.250`. */
export const clock = (iso: string): string => iso.slice(11, 23);

export const seconds = (ms: number | null): string =>
  ms === null ? "" : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;

export const share = (part: number | null): string =>
  part === null ? "" : `${Math.round(part * 100)} %`;

/** Without the query: it can hold names and numbers of customers. */
export const requestLine = ({ method, host, port, path }: ExchangeSummary): string =>
  `${method} ${host}:${port}${path.split("?", 1)[0] ?? ""}`;

export function outcomeText(outcome: Outcome, words: ReportWords): string {
  switch (outcome.kind) {
    case "pending":
      return words.pending;
    case "responded":
      return `${outcome.status} ${outcome.reason}`.trim();
    case "failed":
      return `${outcome.cause} (${outcome.phase})`;
  }
}

/** Enough of a session id to find it in a log, too little to take the session over. */
export const beginningOf = (sid: string): string => `${sid.slice(0, Math.min(4, sid.length / 2))}…`;
