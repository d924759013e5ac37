/** The lanes as text, for screen readers and for whoever prefers reading: each agent with its sessions and what happened, every line a link. */
import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import type { AgentSummary, SessionSummary, StoryEntry } from "../../src/domain/timeline.ts";
import { words } from "../i18n/words.ts";
import { statusOf } from "../model/agent-status.ts";
import { formatNumber, formatSpan, formatTime } from "../model/format.ts";
import { sessionsOf } from "../model/lane-rows.ts";
import { clockTick, serverNow } from "../state/clock.ts";
import { lanes, lanesVersion, timeScale } from "../state/lanes.ts";
import { language } from "../state/preferences.ts";
import { chooseOnly } from "../state/selected.ts";
import { LogLines } from "./log-lines.tsx";

const shownAgents = 100;

export function LanesText(): JSX.Element {
  void lanesVersion.value;
  const wanted = useSignal("");
  const { text } = words.value.lanes;
  const found = [...lanes.agents.values()]
    .filter(({ agent }) => agent.toLowerCase().includes(wanted.value.trim().toLowerCase()))
    .sort((a, b) => (a.agent < b.agent ? -1 : 1));
  return (
    <div class="lanes-text" data-testid="lanes-text">
      <input
        type="search"
        aria-label={text.filter}
        placeholder={text.filter}
        value={wanted.value}
        onInput={(event) => {
          wanted.value = event.currentTarget.value;
        }}
      />
      {found.slice(0, shownAgents).map((agent) => (
        <AgentText key={agent.agent} agent={agent} />
      ))}
      {found.length > shownAgents ? <p>{text.more(found.length - shownAgents)}</p> : null}
    </div>
  );
}

function AgentText({ agent }: { readonly agent: AgentSummary }): JSX.Element {
  void clockTick.value;
  const isOpen = useSignal(false);
  const { lanes: dictionary } = words.value;
  const sessions = sessionsOf(lanes, agent);
  const status = statusOf(agent, sessions[0] ?? null, serverNow(), timeScale.value);
  const troubles = status.troubles.map((trouble) => dictionary.trouble[trouble]).join(", ");
  return (
    <details
      data-testid={`text-${agent.agent}`}
      onToggle={(event) => {
        isOpen.value = event.currentTarget.open;
      }}
    >
      <summary>
        <strong>{agent.agent}</strong> {agent.host} · {agent.state ?? "?"} ·{" "}
        <span class={`level-${status.level}`}>
          {troubles === "" ? dictionary.level[status.level] : troubles}
        </span>
      </summary>
      <ul>
        {sessions.map((session) => (
          <li key={session.id}>{sessionText(session)}</li>
        ))}
        {agent.heartbeats.map((beat) => (
          <li key={`${beat.host}:${beat.port}`}>
            {dictionary.heartbeat(
              `${beat.host}:${beat.port}`,
              beat.beats,
              beat.missed,
              beat.jitterMs,
              beat.status ?? "?",
            )}
            {beat.driftMs === null
              ? ""
              : ` · ${dictionary.drift}: ${formatNumber(Math.round(beat.driftMs), language.value)} ms`}
          </li>
        ))}
      </ul>
      <Story story={agent.story} />
      {isOpen.value ? <LogLines agent={agent.agent} from={null} to={null} /> : null}
    </details>
  );
}

function sessionText(session: SessionSummary): string {
  const { text, phase } = words.value.lanes;
  const tongue = language.value;
  const { requests, stanzasToClient, retransmissions, failures, maxThinkGapMs, ending } = session;
  const wait = session.granted.wait;
  return [
    `${session.transport} ${session.host}:${session.port} ${session.sid ?? ""}`,
    `${phase[session.phase]}${ending === null ? "" : ` (${ending})`}`,
    text.facts(requests, stanzasToClient, retransmissions, failures),
    wait === null ? null : text.granted(`${wait} s`),
    session.joined ? text.inferred : null,
    maxThinkGapMs === null ? null : text.longest(formatSpan(maxThinkGapMs, tongue)),
  ]
    .filter((part) => part !== null)
    .join(" · ");
}

function Story({ story }: { readonly story: readonly StoryEntry[] }): JSX.Element {
  const { text, kind } = words.value.lanes;
  if (story.length === 0) return <p class="faint">{text.noStory}</p>;
  return (
    <ol class="story" aria-label={text.story}>
      {story.map((entry) => (
        <li key={`${entry.at} ${entry.kind} ${entry.exchange}`}>
          <button type="button" class="link" onClick={() => chooseOnly(entry.exchange)}>
            {formatTime(entry.at)} {kind[entry.kind]}
            {entry.detail === null ? "" : `: ${entry.detail}`}
          </button>
        </li>
      ))}
    </ol>
  );
}
