/** How an agent's session stands at this moment, in one level and the figures that give it. */
import type { AgentSummary, HeartbeatSummary, SessionSummary } from "../../src/domain/timeline.ts";

export type StripLevel = "calm" | "amber" | "red" | "off";

export interface AgentStatus {
  readonly level: StripLevel;
  readonly session: SessionSummary | null;
  /** Age of the oldest request that waits, ms; null while none does. */
  readonly pollAgeMs: number | null;
  /** Granted or assumed, ms; null for a WebSocket. */
  readonly waitMs: number | null;
  readonly isWaitAssumed: boolean;
  /** ms without any request outstanding; null while one is, or for a WebSocket. */
  readonly quietMs: number | null;
  /** Towards the node of the session. */
  readonly heartbeat: HeartbeatSummary | null;
  /** What is wrong, worst first: keys of the page's dictionary. */
  readonly troubles: readonly Trouble[];
}

export type Trouble =
  | "poll-lost"
  | "poll-late"
  | "quiet-long"
  | "quiet"
  | "session-ended"
  | "session-silent"
  | "out-of-service"
  | "beat-missing";

const assumedWaitMs = 30_000;
const amberAfter = 2000;
const redAfter = 5000;
/** No client library pauses so long between polls; the idle limit follows at 60 s. */
const quietAmber = 5000;
const quietRed = 30_000;

/** `timeScale`: protocol ms in a real one. */
export function statusOf(
  agent: AgentSummary,
  session: SessionSummary | null,
  now: number,
  timeScale: number,
): AgentStatus {
  const polling = isBosh(session) && isAlive(session) ? session : null;
  const pollAgeMs = since(polling?.openSince ?? null, now);
  const quietMs = since(polling?.quietSince ?? null, now);
  const granted = session?.granted.wait ?? null;
  const waitMs = isBosh(session) ? (granted === null ? assumedWaitMs : granted * 1000) : null;
  const heartbeat = heartbeatOf(agent, session);
  const troubles = [
    ...pollTroubles(paced(pollAgeMs, timeScale), waitMs ?? assumedWaitMs),
    ...quietTroubles(paced(quietMs, timeScale)),
    ...sessionTroubles(session),
    ...heartTroubles(heartbeat, session),
  ];
  return {
    level: levelOf(troubles, session),
    session,
    pollAgeMs,
    waitMs: waitMs === null ? null : waitMs / timeScale,
    isWaitAssumed: waitMs !== null && granted === null,
    quietMs,
    heartbeat,
    troubles,
  };
}

const paced = (ms: number | null, timeScale: number): number | null =>
  ms === null ? null : ms * timeScale;

/** Of the session's node; while there is no session, of the node asked last. */
const heartbeatOf = (
  { heartbeats }: AgentSummary,
  session: SessionSummary | null,
): HeartbeatSummary | null =>
  heartbeats.find(({ host }) => host === session?.host) ?? heartbeats.at(-1) ?? null;

const isBosh = (session: SessionSummary | null): session is SessionSummary =>
  session?.transport === "bosh";

const isAlive = ({ phase }: SessionSummary): boolean =>
  phase === "creating" || phase === "open" || phase === "silent";

const since = (iso: string | null, now: number): number | null =>
  iso === null ? null : Math.max(0, now - Date.parse(iso));

function pollTroubles(ageMs: number | null, waitMs: number): Trouble[] {
  if (ageMs === null || ageMs < waitMs + amberAfter) return [];
  return [ageMs >= waitMs + redAfter ? "poll-lost" : "poll-late"];
}

function quietTroubles(ms: number | null): Trouble[] {
  if (ms === null || ms < quietAmber) return [];
  return [ms >= quietRed ? "quiet-long" : "quiet"];
}

function sessionTroubles(session: SessionSummary | null): Trouble[] {
  if (session === null || session.phase === "creating" || session.phase === "open") return [];
  if (session.phase === "silent") return ["session-silent"];
  return hasLeft(session) ? [] : ["session-ended"];
}

/** The client took leave: nothing is wrong, and no more heartbeats are due. */
const hasLeft = (session: SessionSummary | null): boolean =>
  session?.ending?.endsWith("by client") === true;

function heartTroubles(
  heartbeat: HeartbeatSummary | null,
  session: SessionSummary | null,
): Trouble[] {
  if (heartbeat === null || hasLeft(session)) return [];
  const troubles: Trouble[] = [];
  if (heartbeat.status !== null && heartbeat.status !== "IN_SERVICE")
    troubles.push("out-of-service");
  if (heartbeat.isMissing) troubles.push("beat-missing");
  return troubles;
}

const amberOnes: ReadonlySet<Trouble> = new Set(["poll-late", "quiet", "beat-missing"]);

function levelOf(troubles: readonly Trouble[], session: SessionSummary | null): StripLevel {
  if (troubles.some((trouble) => !amberOnes.has(trouble))) return "red";
  if (troubles.length > 0) return "amber";
  return session === null || !isAlive(session) ? "off" : "calm";
}
