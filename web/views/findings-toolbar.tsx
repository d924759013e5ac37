/** Narrows the findings, and what else can be had of them: notifications, the report. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { formatNumber } from "../model/format.ts";
import { findingFilter, findings, setNotifications, shownFindings } from "../state/findings.ts";
import { logsShown } from "../state/logs.ts";
import { language, notifyFindings } from "../state/preferences.ts";
import { attempt, showToast } from "../state/toast.ts";
import { IconButton } from "./button.tsx";
import { Icon } from "./icons.tsx";

const sides = [
  "client",
  "network",
  "server",
  "configuration",
  "boshscope",
  "fault-rule",
  "unknown",
] as const;
const severities = ["disconnect", "near-miss", "warning"] as const;

export function FindingsToolbar(): JSX.Element {
  const { findings: dictionary } = words.value;
  const count = (value: number): string => formatNumber(value, language.value);
  return (
    <div class="toolbar" role="toolbar" aria-label={dictionary.label}>
      <strong>{dictionary.label}</strong>
      <span class="faint" data-testid="finding-count">
        {dictionary.count(count(shownFindings.value.length), count(findings.value.length))}
      </span>
      <span class="divider" />
      <Filters />
      <span class="spacer" />
      <IconButton
        icon="bell"
        wordy
        label={dictionary.notify}
        hint={dictionary.notifyHint}
        test="notify"
        pressed={notifyFindings.value}
        onClick={toggleNotifications}
      />
      <button
        type="button"
        class="button"
        title={words.value.logs.hint}
        data-testid="open-logs"
        onClick={() => {
          logsShown.value = true;
        }}
      >
        <Icon name="upload" />
        {words.value.logs.open}
      </button>
      <a
        class="button"
        href={`api/report.html?lang=${language.value}`}
        download="boshscope-report.html"
        title={dictionary.reportHint}
        data-testid="report"
      >
        <Icon name="download" />
        {dictionary.report}
      </a>
    </div>
  );
}

function toggleNotifications(): void {
  attempt(
    setNotifications(!notifyFindings.peek()).then((allowed) => {
      const { notifyRefused } = words.peek().findings;
      if (!allowed) showToast({ text: notifyRefused, remedy: "", tone: "plain", action: null });
    }),
  );
}

function Filters(): JSX.Element {
  const { findings: dictionary } = words.value;
  const now = findingFilter.value;
  return (
    <>
      <Choice
        label={dictionary.sideLabel}
        any={dictionary.anySide}
        names={dictionary.side}
        choices={sides}
        chosen={now.side}
        onChoose={(side) => {
          findingFilter.value = { ...now, side };
        }}
      />
      <Choice
        label={dictionary.severityLabel}
        any={dictionary.anySeverity}
        names={dictionary.severity}
        choices={severities}
        chosen={now.severity}
        onChoose={(severity) => {
          findingFilter.value = { ...now, severity };
        }}
      />
      <input
        type="text"
        class="short"
        aria-label={dictionary.agentFilter}
        placeholder={dictionary.agentFilter}
        value={now.agent}
        data-testid="finding-agent"
        onInput={(event) => {
          findingFilter.value = { ...now, agent: event.currentTarget.value };
        }}
      />
    </>
  );
}

function Choice<Name extends string>(props: {
  readonly label: string;
  readonly any: string;
  readonly names: Readonly<Record<Name, string>>;
  readonly choices: readonly Name[];
  readonly chosen: Name | null;
  readonly onChoose: (name: Name | null) => void;
}): JSX.Element {
  const { choices, names } = props;
  return (
    <select
      aria-label={props.label}
      value={props.chosen ?? ""}
      onChange={(event) => {
        const { value } = event.currentTarget;
        props.onChoose(choices.find((name) => name === value) ?? null);
      }}
    >
      <option value="">{props.any}</option>
      {choices.map((name) => (
        <option key={name} value={name}>
          {names[name]}
        </option>
      ))}
    </select>
  );
}
