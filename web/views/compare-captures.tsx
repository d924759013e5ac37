/** Two captures, or an agent's part of each: figures, with the one that stands out marked; outcomes; what is written otherwise. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { CaptureComparison, Figure } from "../../src/domain/comparison.ts";
import type { CaptureList } from "../../src/server/messages.ts";
import { words } from "../i18n/words.ts";
import { agentTargets } from "../model/fault-targets.ts";
import { formatNumber, formatSpan } from "../model/format.ts";
import { type ComparedSource, loadCaptures, loadComparison } from "../state/compare.ts";
import type { Loaded } from "../state/detail.ts";
import { lanes } from "../state/lanes.ts";
import { language } from "../state/preferences.ts";
import { Icon } from "./icons.tsx";
import { PairTable } from "./pair-table.tsx";

interface Props {
  readonly left: string;
  readonly right: string;
}

export function CompareCaptures(props: Props): JSX.Element {
  const { compare } = words.value;
  const left = useSignal<ComparedSource>({ capture: "", agent: props.left });
  const right = useSignal<ComparedSource>({ capture: "", agent: props.right });
  const captures = useSignal<CaptureList | null>(null);
  useEffect(() => {
    void loadCaptures().then((loaded) => {
      captures.value = loaded.kind === "ready" ? loaded.value : null;
    });
  }, [captures]);
  return (
    <div data-testid="compare-captures">
      <p class="hint">{compare.capturesHint}</p>
      <div class="compare-sides">
        <Source label={compare.left} source={left} captures={captures.value} />
        <Source label={compare.right} source={right} captures={captures.value} />
      </div>
      <Compared compared={useComparison(left.value, right.value)} />
    </div>
  );
}

function useComparison(left: ComparedSource, right: ComparedSource): Loaded<CaptureComparison> {
  const loaded = useSignal<Loaded<CaptureComparison>>({ kind: "loading" });
  useEffect(() => {
    let isWanted = true;
    void loadComparison(left, right).then((value) => {
      if (isWanted) loaded.value = value;
    });
    return () => {
      isWanted = false;
    };
  }, [left, right, loaded]);
  return loaded.value;
}

function Source(props: {
  readonly label: string;
  readonly source: { value: ComparedSource };
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
          placeholder={compare.allAgents}
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

function Compared(props: { readonly compared: Loaded<CaptureComparison> }): JSX.Element | null {
  const { compared } = props;
  const { compare } = words.value;
  if (compared.kind === "loading") return null;
  if (compared.kind === "failed") return <p role="alert">{compared.failure.message}</p>;
  const { figures, outcomes, kinds } = compared.value;
  const outcome = outcomes.map(({ name, left, right }) => ({
    name: compare.outcome(name),
    left: formatNumber(left, language.value),
    right: formatNumber(right, language.value),
  }));
  return (
    <>
      <Figures figures={figures} />
      <PairTable title={compare.outcomes} pairs={outcome} />
      {kinds.map(({ kind, requestHeaders, responseHeaders, responseXml }) => (
        <section key={kind}>
          <h3>{compare.kinds[kind]}</h3>
          <PairTable title={compare.requestHeaders} pairs={requestHeaders} />
          <PairTable title={compare.responseHeaders} pairs={responseHeaders} />
          <PairTable title={compare.responseXml} pairs={responseXml} />
        </section>
      ))}
    </>
  );
}

function Figures({ figures }: { readonly figures: readonly Figure[] }): JSX.Element {
  const { compare } = words.value;
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
        {figures
          .filter(({ left, right }) => left !== null || right !== null)
          .map(({ name, left, right, sick }) => (
            <tr key={name}>
              <th scope="row">{compare.figure[name]}</th>
              <Value name={name} value={left} isSick={sick === "left"} />
              <Value name={name} value={right} isSick={sick === "right"} />
            </tr>
          ))}
      </tbody>
    </table>
  );
}

function Value(props: {
  readonly name: string;
  readonly value: number | null;
  readonly isSick: boolean;
}): JSX.Element {
  const { name, value, isSick } = props;
  const { compare } = words.value;
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
