/** Scenarios as cards: whom, then one click. */
import type { JSX } from "preact";
import type { ScenarioCard } from "../../src/server/messages.ts";
import { words } from "../i18n/words.ts";
import { agentTargets, appliesTo, hostTargets } from "../model/fault-targets.ts";
import { formatClock } from "../model/format.ts";
import { lanes, lanesVersion } from "../state/lanes.ts";
import { language } from "../state/preferences.ts";
import { chosenTarget, runScenario, scenarios } from "../state/scenarios.ts";
import { attempt, showToast } from "../state/toast.ts";
import { Icon } from "./icons.tsx";

export interface Target {
  readonly agent: string;
  readonly host: string;
}

export function ScenarioCards(): JSX.Element {
  const { faults } = words.value;
  void lanesVersion.value;
  const agents = agentTargets(lanes);
  const hosts = hostTargets(lanes);
  const target: Target = {
    agent: chosenTarget.value.agent ?? agents[0] ?? "",
    host: chosenTarget.value.host ?? hosts[0] ?? "",
  };
  const loaded = scenarios.value;
  return (
    <section class="panel" aria-label={faults.scenarios}>
      <div class="panel-head">
        <h2>{faults.scenarios}</h2>
        <Choice
          label={faults.agentTarget}
          choices={agents}
          value={target.agent}
          onChoose={(agent) => {
            chosenTarget.value = { ...chosenTarget.peek(), agent };
          }}
        />
        <Choice
          label={faults.hostTarget}
          choices={hosts}
          value={target.host}
          onChoose={(host) => {
            chosenTarget.value = { ...chosenTarget.peek(), host };
          }}
        />
      </div>
      <p class="hint">{faults.scenariosHint}</p>
      {loaded.kind === "failed" ? <p class="hint">{loaded.failure.message}</p> : null}
      {loaded.kind !== "ready" ? null : (
        <div class="cards">
          {loaded.value.map((card) => (
            <Card key={card.name} card={card} target={target} />
          ))}
        </div>
      )}
    </section>
  );
}

/** Typed or picked from those seen: with hundreds of agents a mere list would not do. */
function Choice(props: {
  readonly label: string;
  readonly choices: readonly string[];
  readonly value: string;
  readonly onChoose: (value: string) => void;
}): JSX.Element {
  const id = `choices-${props.label}`;
  return (
    <label class="target">
      {props.label}
      <input
        type="text"
        class="short"
        list={id}
        value={props.value}
        placeholder={words.value.faults.noAgents}
        onFocus={(event) => event.currentTarget.select()}
        onInput={(event) => props.onChoose(event.currentTarget.value.trim())}
      />
      <datalist id={id}>
        {props.choices.slice(0, 500).map((choice) => (
          <option key={choice} value={choice} />
        ))}
      </datalist>
    </label>
  );
}

function Card(props: { readonly card: ScenarioCard; readonly target: Target }): JSX.Element {
  const { card } = props;
  const { faults } = words.value;
  return (
    <article class="card scenario" data-testid={`scenario-${card.name}`}>
      <h3>
        {card.title} <span class="chip">{card.cause}</span>
      </h3>
      <p>{card.description}</p>
      <h4>{faults.expected}</h4>
      <ul class="sentences">
        {card.expected.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      <div class="card-foot">
        <span class="faint">
          {faults.lasts(props.target[card.needs], formatClock(card.lastsMs, language.value))}
        </span>
        <span class="spacer" />
        {card.needs === "host" && props.target.agent !== "" ? (
          <RunButton {...props} onOneAgent />
        ) : null}
        <RunButton {...props} />
      </div>
    </article>
  );
}

export function RunButton(props: {
  readonly card: ScenarioCard;
  readonly target: Target;
  /** That agent alone, also where the scenario is one of a whole host. */
  readonly onOneAgent?: boolean;
  readonly onRun?: () => void;
}): JSX.Element {
  const { card, target } = props;
  const { faults } = words.value;
  const needs = props.onOneAgent === true ? "agent" : card.needs;
  const isPart = needs !== card.needs;
  const whom = target[needs];
  const obstacle = obstacleOf(card, needs, whom);
  return (
    <button
      type="button"
      class="button primary small"
      disabled={obstacle !== null}
      aria-label={faults.runOn(card.title, whom)}
      title={obstacle ?? faults.runOn(card.title, whom)}
      data-testid={isPart ? `run-${card.name}-agent` : `run-${card.name}`}
      onClick={() => {
        attempt(
          runScenario(card.name, { [needs]: whom }).then(() => {
            const text = faults.started(card.title, whom);
            showToast({ text, remedy: "", tone: "plain", action: null });
          }),
        );
        props.onRun?.();
      }}
    >
      <Icon name="play" />
      {isPart ? faults.onlyAgent(whom) : faults.run}
    </button>
  );
}

/** Why it can't be run, or null. */
function obstacleOf(card: ScenarioCard, needs: ScenarioCard["needs"], whom: string): string | null {
  const { faults } = words.value;
  if (whom === "") return needs === "agent" ? faults.needsAgent : faults.needsHost;
  if (needs === "agent" && !appliesTo(card.clients, whom, lanes)) return faults.pollsOnly(whom);
  return null;
}
