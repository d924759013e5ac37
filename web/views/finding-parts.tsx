/** The smaller parts of a finding: sentences, the rules that touched it, log lines near it, and how the verdict changed. */
import type { ComponentChildren, JSX } from "preact";
import type { FindingView } from "../../src/server/messages.ts";
import { words } from "../i18n/words.ts";
import { formatTime } from "../model/format.ts";
import { ruleById } from "../state/faults.ts";
import { screen } from "../state/navigation.ts";
import { Icon } from "./icons.tsx";
import { LogLines } from "./log-lines.tsx";
import { SideMark } from "./side-mark.tsx";

interface Props {
  readonly finding: FindingView;
}

/** Leaves itself out when there is nothing in it. */
export function Part(props: {
  readonly title: string;
  readonly hint?: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <section class="part" title={props.hint}>
      <h3>{props.title}</h3>
      {props.children}
    </section>
  );
}

export function Sentences({ all }: { readonly all: readonly string[] }): JSX.Element | null {
  if (all.length === 0) return null;
  return (
    <ul class="sentences">
      {all.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

export function Rules({ finding }: Props): JSX.Element | null {
  if (finding.faults.length === 0) return null;
  return (
    <ul class="sentences">
      {finding.faults.map((id) => (
        <li key={id}>
          <button
            type="button"
            class="link"
            onClick={() => {
              screen.value = "faults";
            }}
          >
            <Icon name="bolt" /> {ruleById(id)?.sentence ?? id}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** From a little before it happened until well after: a forced logout is told minutes later. */
const logsBeforeMs = 2 * 60_000;
const logsAfterMs = 4 * 60_000;

export function NearbyLogs({ finding }: Props): JSX.Element {
  const at = Date.parse(finding.at);
  return (
    <div class="nearby-logs">
      <h3>{words.value.findings.logs}</h3>
      <LogLines agent={finding.agent} from={at - logsBeforeMs} to={at + logsAfterMs} />
    </div>
  );
}

export function Revisions({ finding }: Props): JSX.Element | null {
  const { findings } = words.value;
  if (finding.revisions.length === 0) return null;
  return (
    <ol class="sentences" data-testid="revisions">
      {finding.revisions.map(({ at, side, cause, confidence, why }) => (
        <li key={`${at} ${side} ${cause}`}>
          <span class="faint">{formatTime(at)}</span> <SideMark side={side} />{" "}
          {findings.cause[cause]}, {Math.round(confidence * 100)} %: {why}
        </li>
      ))}
    </ol>
  );
}
