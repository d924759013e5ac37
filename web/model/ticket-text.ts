/** A finding as plain text for a ticket or a chat: everything it says, nothing that needs the page. */
import type { FindingView } from "../../src/server/messages.ts";
import type { Dictionary } from "../i18n/en.ts";
import { formatDate } from "./format.ts";

export function ticketText(finding: FindingView, { findings: words }: Dictionary): string {
  const blocks = [
    headOf(finding, words),
    block(words.explanation, linesOf(finding.explanation)),
    block(words.reasons, finding.reasons),
    block(
      words.evidence,
      finding.details.map(
        ({ exchange, role, what }) => `[${words.role[role]}] ${exchange}: ${what}`,
      ),
    ),
    block(words.before, finding.before),
    block(
      words.consequences,
      finding.consequences.map(
        ({ at, certainty, what }) => `${formatDate(at)} (${words.certainty[certainty]}) ${what}`,
      ),
    ),
    block(words.advice, finding.advice),
    block(words.wouldSettle, finding.wouldSettle),
    block(
      words.revisions,
      finding.revisions.map(
        ({ at, side, confidence, why }) =>
          `${formatDate(at)} ${words.side[side]} ${percent(confidence)}: ${why}`,
      ),
    ),
  ];
  return blocks.filter((text) => text !== "").join("\n\n");
}

function headOf(finding: FindingView, words: Dictionary["findings"]): string {
  const { agents, agent, host, port, sid } = finding;
  const who = agents.length > 0 ? agents.join(", ") : agent;
  const facts: readonly (readonly [string, string | null])[] = [
    [words.sideLabel, `${words.side[finding.side]} (${finding.cause})`],
    [words.severityLabel, words.severity[finding.severity]],
    [words.confidence, percent(finding.confidence)],
    [words.at, formatDate(finding.at)],
    [words.agent, who],
    [words.node, host === null ? null : `${host}${port === null ? "" : `:${port}`}`],
    [words.session, sid],
    [words.id, finding.id],
  ];
  const lines = facts
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}: ${value}`);
  return [finding.title, "", ...lines].join("\n");
}

/** The server writes one sentence a line. */
export const linesOf = (text: string): readonly string[] =>
  text.split("\n").filter((line) => line.trim() !== "");

const percent = (confidence: number): string => `${Math.round(confidence * 100)} %`;

const block = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? "" : `${title}\n${lines.map((line) => `- ${line}`).join("\n")}`;
