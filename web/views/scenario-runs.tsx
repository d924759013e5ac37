/** The log of scenario runs: what was expected beforehand beside what was seen. */
import type { JSX } from "preact";
import type { ScenarioRun } from "../../src/server/messages.ts";
import { words } from "../i18n/words.ts";
import { formatClock, formatTime } from "../model/format.ts";
import { faults } from "../state/faults.ts";
import { language } from "../state/preferences.ts";
import { scenarios } from "../state/scenarios.ts";
import { Icon, type IconName } from "./icons.tsx";

type Step = ScenarioRun["steps"][number];

const runsShown = 30;
const icons: Readonly<Record<Step["verdict"], IconName>> = {
  waiting: "hourglass",
  missing: "close",
  "in-time": "check",
  early: "overdue",
  late: "overdue",
  absent: "check",
  unwanted: "close",
};

export function ScenarioRuns(): JSX.Element {
  const { faults: dictionary } = words.value;
  const runs = [...faults.value.runs]
    .sort((one, other) => (one.startedAt < other.startedAt ? 1 : -1))
    .slice(0, runsShown);
  return (
    <section class="panel" aria-label={dictionary.runs}>
      <div class="panel-head">
        <h2>{dictionary.runs}</h2>
      </div>
      {runs.length === 0 ? <p class="hint">{dictionary.noRuns}</p> : null}
      {runs.map((run, index) => (
        <Run key={run.id} run={run} isOpen={index === 0} />
      ))}
    </section>
  );
}

function Run(props: { readonly run: ScenarioRun; readonly isOpen: boolean }): JSX.Element {
  const { run } = props;
  const { faults: dictionary } = words.value;
  return (
    <details class="run" open={props.isOpen} data-testid={`run-log-${run.id}`}>
      <summary>
        <strong>{titleOf(run.scenario)}</strong> {run.agent ?? run.host} ·{" "}
        {formatTime(run.startedAt).slice(0, 8)} ·{" "}
        {run.endedAt === null ? dictionary.running : dictionary.ended}
        {run.asExpected === null
          ? null
          : ` · ${dictionary.went[run.asExpected ? "expected" : "otherwise"]}`}
      </summary>
      <p class="hint">
        {run.observedBy === null ? dictionary.nobodyTells : dictionary.toldBy[run.observedBy]}{" "}
        {run.triggeredAt === null ? dictionary.notTriggered : null}
      </p>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{dictionary.step}</th>
            <th scope="col">{dictionary.window}</th>
            <th scope="col">{dictionary.seen}</th>
            <th scope="col">{dictionary.verdict}</th>
          </tr>
        </thead>
        <tbody>
          {run.steps.map((step) => (
            <StepRow key={`${step.what} ${step.expectedMs.join("-")}`} step={step} />
          ))}
        </tbody>
      </table>
    </details>
  );
}

function titleOf(name: string): string {
  const loaded = scenarios.value;
  const card = loaded.kind === "ready" ? loaded.value.find((one) => one.name === name) : undefined;
  return card?.title ?? name;
}

function StepRow({ step }: { readonly step: Step }): JSX.Element {
  const { faults: dictionary } = words.value;
  const clock = (ms: number): string => formatClock(ms, language.value);
  const { verdict } = step;
  return (
    <tr class={`observed-${verdict}`}>
      <td>{step.what}</td>
      <td class="nowrap">
        {clock(step.expectedMs[0])} – {clock(step.expectedMs[1])}
      </td>
      <td class="nowrap">{step.observedMs === null ? "–" : clock(step.observedMs)}</td>
      <td class="nowrap">
        <Icon name={icons[verdict]} /> {dictionary.observed[verdict]}
      </td>
    </tr>
  );
}
