/** Sessions, agents and marks as the page knows them, each mark on its lane, in order of time. Bounded: the oldest marks go first. */
import type { AgentSummary, LaneMark, SessionSummary } from "../../src/domain/timeline.ts";
import type { AgentChange } from "../../src/server/messages.ts";

/** A session's lane; what no session claims (REST, SystemInfo) is on its agent's. */
export function laneKeyOf(mark: LaneMark): string | null {
  if (mark.sid !== null) return sessionLane(mark.host, mark.port, mark.sid);
  return mark.agent === null ? null : agentLane(mark.agent);
}

export const sessionLane = (host: string, port: number, sid: string): string =>
  `${host}:${port}/${sid}`;
export const agentLane = (agent: string): string => `agent ${agent.toLowerCase()}`;

/** After a purge this part of the room is free again. */
const purgedPart = 0.1;

export class LaneStore {
  readonly #capacity: number;
  readonly #byNumber = new Map<number, LaneMark>();
  readonly #lanes = new Map<string, LaneMark[]>();
  readonly sessions = new Map<string, SessionSummary>();
  readonly agents = new Map<string, AgentSummary>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#byNumber.size;
  }

  get(number: number): LaneMark | undefined {
    return this.#byNumber.get(number);
  }

  /** In order of time; empty for a lane without marks. */
  marksOf(key: string): readonly LaneMark[] {
    return this.#lanes.get(key) ?? none;
  }

  /** Takes marks new or changed; of two states of a mark the one with the higher seq stays. */
  put(marks: readonly LaneMark[]): void {
    for (const mark of marks) this.#put(mark);
    if (this.#byNumber.size > this.#capacity) this.#purge();
  }

  takeTimeline(sessions: readonly SessionSummary[], agents: readonly AgentChange[]): void {
    for (const session of sessions) this.sessions.set(session.id, session);
    for (const agent of agents) {
      const story = agent.story ?? this.agents.get(agent.agent)?.story ?? [];
      this.agents.set(agent.agent, { ...agent, story });
    }
  }

  clear(): void {
    this.#byNumber.clear();
    this.#lanes.clear();
    this.sessions.clear();
    this.agents.clear();
  }

  #put(mark: LaneMark): void {
    const known = this.#byNumber.get(mark.number);
    if (known !== undefined) {
      if (known.seq > mark.seq) return;
      this.#take(known);
    }
    const whole = known === undefined ? mark : withFrames(known, mark);
    this.#byNumber.set(mark.number, whole);
    const key = laneKeyOf(whole);
    if (key === null) return;
    const lane = this.#lanes.get(key) ?? [];
    if (lane.length === 0) this.#lanes.set(key, lane);
    lane.splice(firstAfter(lane, whole), 0, whole);
  }

  #take(mark: LaneMark): void {
    const key = laneKeyOf(mark);
    const lane = key === null ? undefined : this.#lanes.get(key);
    // What changes is among the latest.
    const at = lane?.lastIndexOf(mark) ?? -1;
    if (lane !== undefined && at >= 0) lane.splice(at, 1);
    if (lane?.length === 0 && key !== null) this.#lanes.delete(key);
  }

  /** Each lane once: a single one may hold all there is. */
  #purge(): void {
    const numbers = Float64Array.from(this.#byNumber.keys()).sort();
    const first = numbers[numbers.length - Math.floor(this.#capacity * (1 - purgedPart))] ?? 0;
    for (const number of numbers.subarray(0, numbers.indexOf(first))) this.#byNumber.delete(number);
    for (const [key, lane] of this.#lanes) {
      const kept = lane.filter(({ number }) => number >= first);
      if (kept.length === 0) this.#lanes.delete(key);
      else if (kept.length < lane.length) this.#lanes.set(key, kept);
    }
  }
}

const none: readonly LaneMark[] = [];
const maxFrames = 2000;

/** A change brings the latest frames only: those known before stay. */
function withFrames(known: LaneMark, mark: LaneMark): LaneMark {
  const before = known.frames ?? [];
  const [first] = mark.frames ?? [];
  if (before.length === 0) return mark;
  const kept = first === undefined ? before : before.filter(({ index }) => index < first.index);
  return { ...mark, frames: [...kept, ...(mark.frames ?? [])].slice(-maxFrames) };
}

/** Where the mark belongs: after all that began no later. New marks belong at the end nearly always. */
function firstAfter(lane: readonly LaneMark[], mark: LaneMark): number {
  let end = lane.length;
  while (end > 0 && isLater(lane[end - 1], mark) && lane.length - end < 8) end -= 1;
  if (end === 0 || !isLater(lane[end - 1], mark)) return end;
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isLater(lane[middle], mark)) high = middle;
    else low = middle + 1;
  }
  return low;
}

const isLater = (one: LaneMark | undefined, other: LaneMark): boolean =>
  one !== undefined && (one.at > other.at || (one.at === other.at && one.number > other.number));
