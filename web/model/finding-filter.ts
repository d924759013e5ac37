/** Which findings are shown. */
import type { FindingView } from "../../src/server/messages.ts";

export interface FindingFilter {
  /** null = any. */
  readonly side: FindingView["side"] | null;
  readonly severity: FindingView["severity"] | null;
  /** Part of a login id; "" = any. */
  readonly agent: string;
}

export const everything: FindingFilter = { side: null, severity: null, agent: "" };

export function matchesFinding(finding: FindingView, filter: FindingFilter): boolean {
  const { side, severity } = filter;
  const wanted = filter.agent.trim().toLowerCase();
  if (side !== null && finding.side !== side) return false;
  if (severity !== null && finding.severity !== severity) return false;
  if (wanted === "") return true;
  const agents = finding.agent === null ? finding.agents : [finding.agent, ...finding.agents];
  return agents.some((agent) => agent.toLowerCase().includes(wanted));
}
