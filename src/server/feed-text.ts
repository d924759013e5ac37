/** Messages of the feed as text: most are put together from parts that are never parsed. */
import { type Language, renderFinding } from "../diagnose/words/render.ts";
import type { Finding } from "../domain/finding.ts";
import type { Committed } from "../domain/recording.ts";
import { rowsText } from "./feed-client.ts";
import type { FeedMessage } from "./messages.ts";

/** One `rows` message for several batches, or null when they hold no row; the rows' text is joined, never parsed. */
export function joined(batches: readonly Committed[]): string | null {
  const rows = listed(batches.map((batch) => batch.rows));
  return rows === "" ? null : rowsText(batches.at(-1)?.seq ?? 0, `[${rows}]`, []);
}

/** The elements of several JSON arrays. */
export const listed = (arrays: readonly string[]): string =>
  arrays
    .map((array) => array.slice(1, -1))
    .filter((part) => part !== "")
    .join(",");

/** undefined for what is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

export function findingsText(
  captureId: string,
  findings: readonly Finding[],
  language: Language,
): string {
  const message: FeedMessage = {
    kind: "findings",
    captureId,
    findings: findings.map((finding) => renderFinding(finding, language)),
  };
  return JSON.stringify(message);
}
