/** Which side broke it and how grave it is: always an icon, a word and a colour together. */
import type { JSX } from "preact";
import type { FindingView } from "../../src/server/messages.ts";
import { words } from "../i18n/words.ts";
import { Icon, type IconName } from "./icons.tsx";

export const sideIcons: Readonly<Record<FindingView["side"], IconName>> = {
  client: "monitor",
  network: "network",
  server: "server",
  configuration: "gear",
  boshscope: "search",
  "fault-rule": "bolt",
  unknown: "help",
};

const severityIcons: Readonly<Record<FindingView["severity"], IconName>> = {
  disconnect: "broken",
  "near-miss": "overdue",
  warning: "alert",
};

export function SideMark({ side }: { readonly side: FindingView["side"] }): JSX.Element {
  return (
    <span class={`chip side-${side}`} data-testid="side" data-side={side}>
      <Icon name={sideIcons[side]} />
      {words.value.findings.side[side]}
    </span>
  );
}

export function SeverityMark(props: { readonly severity: FindingView["severity"] }): JSX.Element {
  const { severity } = props;
  return (
    <span class={`chip severity-${severity}`}>
      <Icon name={severityIcons[severity]} />
      {words.value.findings.severity[severity]}
    </span>
  );
}

/** A word, a figure and a bar. */
export function Confidence({ value }: { readonly value: number }): JSX.Element {
  const { findings } = words.value;
  const level =
    value >= 0.9 ? "certain" : value >= 0.7 ? "likely" : value >= 0.5 ? "possible" : "weak";
  const percent = Math.round(value * 100);
  return (
    <span class="confidence" title={findings.confidence}>
      <meter min={0} max={100} value={percent} aria-label={findings.confidence} />
      {findings.sure[level]} · {percent} %
    </span>
  );
}
