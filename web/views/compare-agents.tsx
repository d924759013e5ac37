/** The rhythm of two agents' polls in figures, each of any capture; the one that stands out is marked. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { CaptureList } from "../../src/server/messages.ts";
import { words } from "../i18n/words.ts";
import { agentTargets } from "../model/fault-targets.ts";
import { formatNumber, formatSpan } from "../model/format.ts";
import { type Rhythm, standsOut } from "../model/poll-rhythm.ts";
import { loadCaptures, loadRhythm, type RhythmSource } from "../state/compare.ts";
import type { Loaded } from "../state/detail.ts";
import { lanes } from "../state/lanes.ts";
import { language } from "../state/preferences.ts";
import { Icon } from "./icons.tsx";

interface Props {
  readonly left: string;
  readonly right: string;
}

export function CompareAgents(props: Props): JSX.Element {
  const { compare } = words.value;
  const left = useSignal<RhythmSource>({ capture: "", agent: props.left });
  const right = useSignal<RhythmSource>({ capture: "", agent: props.right });
  const captures = useSignal<CaptureList | null>(null);
  useEffect(() => {
    void loadCaptures().then((loaded) => {
      captures.value = loaded.kind === "ready" ? loaded.value : null;
    });
  }, [captures]);
  const leftRhythm = useRhythm(left.value);
  const rightRhythm = useRhythm(right.value);
  return (
    <div data-testid="compare-agents">
      <p class="hint">{compare.agentsHint}</p>
      <div class="compare-sides">
        <Source label={compare.left} source={left} captures={captures.value} />
        <Source label={compare.right} source={right} captures={captures.value} />
      </div>
      <Figures left={leftRhythm} right={rightRhythm} />
    </div>
  );
}

function useRhythm(source: RhythmSource): Loaded<Rhythm> {
  const loaded = useSignal<Loaded<Rhythm>>({ kind: "loading" });
  const { capture, agent } = source;
  useEffect(() => {
    let isWanted = true;
    void loadRhythm({ capture, agent }).then((value) => {
      if (isWanted) loaded.value = value;
    });
    return () => {
      isWanted = false;
    };
  }, [capture, agent, loaded]);
  return loaded.value;
}

function Source(props: {
  readonly label: string;
  readonly source: { value: RhythmSource };
  readonly captures: CaptureList | null;
}): JSX.Element {
  const { source, captures } = props;
  const { compare } = words.value;
  const id = `agents-${props.label}`;
  return (
    <fieldset class="compare-source">
      <legend>{props.label}</legend>
      <label class="form-field">
        <span>{compare.agent}</span>
        <input
          type="text"
          list={id}
          defaultValue={source.value.agent}
          data-testid={`agent-${props.label}`}
          onChange={(event) => {
            source.value = { ...source.value, agent: event.currentTarget.value.trim() };
          }}
        />
        <datalist id={id}>
          {agentTargets(lanes).map((agent) => (
            <option key={agent} value={agent} />
          ))}
        </datalist>
      </label>
      <label class="form-field">
        <span>{compare.capture}</span>
        <select
          value={source.value.capture}
          onChange={(event) => {
            source.value = { ...source.value, capture: event.currentTarget.value };
          }}
        >
          <option value="">{compare.current}</option>
          {(captures?.captures ?? [])
            .filter((capture) => capture.id !== captures?.current)
            .map((capture) => (
              <option key={capture.id} value={capture.id}>
                {capture.name}
              </option>
            ))}
        </select>
      </label>
    </fieldset>
  );
}

function Figures(props: {
  readonly left: Loaded<Rhythm>;
  readonly right: Loaded<Rhythm>;
}): JSX.Element | null {
  const { left, right } = props;
  const { compare } = words.value;
  for (const side of [left, right]) {
    if (side.kind === "failed") return <p role="alert">{side.failure.message}</p>;
  }
  if (left.kind !== "ready" || right.kind !== "ready") return null;
  const names = Object.keys(compare.figure) as (keyof Rhythm)[];
  return (
    <table class="table pairs">
      <thead>
        <tr>
          <th />
          <th scope="col">{compare.left}</th>
          <th scope="col">{compare.right}</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => {
          const sick = standsOut(name, left.value, right.value);
          return (
            <tr key={name}>
              <th scope="row">{compare.figure[name]}</th>
              <Figure name={name} rhythm={left.value} isSick={sick === "left"} />
              <Figure name={name} rhythm={right.value} isSick={sick === "right"} />
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Figure(props: {
  readonly name: keyof Rhythm;
  readonly rhythm: Rhythm;
  readonly isSick: boolean;
}): JSX.Element {
  const { name, isSick } = props;
  const { compare } = words.value;
  const value = props.rhythm[name];
  const say = (figure: number): string =>
    name.endsWith("Ms") ? formatSpan(figure, language.value) : formatNumber(figure, language.value);
  return (
    <td class={isSick ? "sick" : undefined}>
      {value === null ? "–" : say(value)}
      {isSick ? (
        <>
          {" "}
          <Icon name="overdue" /> {compare.sick}
        </>
      ) : null}
    </td>
  );
}
