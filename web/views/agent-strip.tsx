/** The head of an agent's lane: who, where, in which state, and how its session stands at this moment. */
import type { JSX } from "preact";
import { words } from "../i18n/words.ts";
import { type AgentStatus, statusOf } from "../model/agent-status.ts";
import { formatClock, formatNumber, type Language } from "../model/format.ts";
import type { LaneRow } from "../model/lane-rows.ts";
import { clockTick, serverNow } from "../state/clock.ts";
import { timeScale } from "../state/lanes.ts";
import { applyFilter } from "../state/live.ts";
import { language } from "../state/preferences.ts";
import { Icon, type IconName } from "./icons.tsx";
import { StripTools } from "./strip-tools.tsx";

const icons: Record<AgentStatus["level"], IconName> = {
  calm: "check",
  amber: "overdue",
  red: "broken",
  off: "pause",
};

export function AgentStrip({ row }: { readonly row: LaneRow }): JSX.Element {
  void clockTick.value;
  const { lanes } = words.value;
  const tongue = language.value;
  const { agent, session } = row;
  if (agent === null || !row.isFirst) return <EarlierSession row={row} />;
  const status = statusOf(agent, session, serverNow(), timeScale.value);
  const [worst] = status.troubles;
  return (
    <>
      <span class={`strip-state level-${status.level}`} title={lanes.level[status.level]}>
        <Icon name={icons[status.level]} />
      </span>
      <button
        type="button"
        class="link strip-agent"
        title={lanes.onlyThis(agent.agent)}
        data-testid={`agent-${agent.agent}`}
        onClick={() => applyFilter(`agent=${quoted(agent.agent)}`)}
      >
        {agent.agent}
      </button>
      <span class="strip-cell" title={agent.host ?? ""}>
        {(agent.host ?? "").split(".", 1)[0]}
      </span>
      <span class="strip-cell wide" title={lanes.agentState}>
        {agent.state ?? ""}
      </span>
      <span class="strip-cell clock" title={clockTitle(status)} data-testid="strip-clock">
        {worst === undefined ? clockText(status, tongue) : troubleText(status, tongue)}
      </span>
      <span class="strip-cell right" title={lanes.drift}>
        {driftText(status, tongue)}
      </span>
      <span class="strip-cell right" title={lanes.roundTrip}>
        {roundTripText(status, tongue)}
      </span>
      <span class="strip-cell right" title={heartTitle(status)}>
        {heartText(status)}
      </span>
      <StripTools agent={agent.agent} />
    </>
  );
}

/** Quotes only where the filter language needs them. */
const quoted = (text: string): string => (/^[\w.@-]+$/.test(text) ? text : JSON.stringify(text));

function EarlierSession({ row }: { readonly row: LaneRow }): JSX.Element {
  const { lanes } = words.value;
  const { session } = row;
  const host = session?.host.split(".", 1)[0] ?? "";
  return (
    <>
      <span class="strip-state" />
      <span class="strip-cell faint strip-agent">
        {row.agent === null ? lanes.unknownAgent : lanes.before}
      </span>
      <span class="strip-cell faint">{host}</span>
      <span class="strip-cell faint long">
        {session?.ending ?? (session === null ? "" : lanes.phase[session.phase])}
      </span>
    </>
  );
}

function clockText(status: AgentStatus, tongue: Language): string {
  const { session, pollAgeMs, waitMs, quietMs } = status;
  const { lanes } = words.value;
  if (session === null) return lanes.noSession;
  if (session.transport === "websocket") return lanes.phase[session.phase];
  if (pollAgeMs !== null && waitMs !== null) {
    const assumed = status.isWaitAssumed ? "~" : "";
    return `${formatClock(pollAgeMs, tongue)} / ${assumed}${formatNumber(waitMs / 1000, tongue)} s`;
  }
  return quietMs === null ? lanes.phase[session.phase] : lanes.quiet(formatClock(quietMs, tongue));
}

function troubleText(status: AgentStatus, tongue: Language): string {
  const { lanes } = words.value;
  const [worst] = status.troubles;
  if (worst === undefined) return "";
  const { pollAgeMs, quietMs, session } = status;
  const ms = worst.startsWith("poll") ? pollAgeMs : worst.startsWith("quiet") ? quietMs : null;
  if (worst === "session-ended" && session !== null)
    return session.ending ?? lanes.phase[session.phase];
  const text = lanes.trouble[worst];
  return ms === null ? text : `${text} ${formatClock(ms, tongue)}`;
}

function clockTitle(status: AgentStatus): string {
  const { lanes } = words.value;
  const troubles = status.troubles.map((trouble) => lanes.trouble[trouble]).join(", ");
  const assumed = status.isWaitAssumed ? ` ${lanes.assumed}` : "";
  return `${troubles === "" ? lanes.pollAge : troubles}${assumed}`;
}

function driftText({ heartbeat }: AgentStatus, tongue: Language): string {
  const drift = heartbeat?.driftMs ?? null;
  if (drift === null) return "";
  // Adding 0 turns -0 into 0.
  const rounded = Math.round(drift) + 0;
  return `${rounded > 0 ? "+" : ""}${formatNumber(rounded, tongue)} ms`;
}

function roundTripText({ heartbeat }: AgentStatus, tongue: Language): string {
  const ms = heartbeat?.roundTripMs ?? null;
  return ms === null ? "" : `${formatNumber(ms, tongue, ms < 10 ? 1 : 0)} ms`;
}

function heartText({ heartbeat }: AgentStatus): string {
  const { lanes } = words.value;
  if (heartbeat === null) return "";
  const missed = heartbeat.missed > 0 ? ` −${heartbeat.missed}` : "";
  return `♥ ${lanes.cadence[heartbeat.cadence]}${missed}`;
}

function heartTitle({ heartbeat }: AgentStatus): string {
  const { lanes } = words.value;
  if (heartbeat === null) return lanes.noHeartbeat;
  const { host, port, beats, missed, jitterMs, status } = heartbeat;
  return lanes.heartbeat(`${host}:${port}`, beats, missed, jitterMs, status ?? "?");
}
