/** Holds what one run expects against what the desktop's log says. Knows no timer: it is told when the clock begins and ends. */
import type { ScenarioRunState, ScenarioStepState } from "../domain/fault-desk.ts";
import type { ClientKind, ExpectedStep, Scenario } from "../faults/scenarios/scenario.ts";
import type { ObservedEvent, ObservedSource } from "./observed-source.ts";

export interface ScenarioClockOptions {
  readonly id: string;
  readonly scenario: Scenario;
  /** Whose desktop is watched. */
  readonly agent: string | null;
  readonly host: string | null;
  readonly client: ClientKind | null;
  /** Steps it could never see are no part of the run. null = nobody tells. */
  readonly observer: Pick<ObservedSource, "name" | "tells"> | null;
  /** Wall ms. */
  readonly startedAt: number;
  readonly timeScale: number;
}

interface Step extends ScenarioStepState {
  readonly expected: ExpectedStep;
  observedMs: number | null;
  seen: number;
}

/** The desktop may write a moment before the rule's hit is told: both clocks are this machine's. Real ms. */
const toleranceMs = 50;
/** How long an observation may be late and still be written down, protocol ms. */
const graceMs = 5000;

export class ScenarioClock {
  readonly id: string;
  readonly agent: string | null;
  readonly #options: ScenarioClockOptions;
  readonly #steps: Step[];
  /** What was seen before the clock began, as a desktop may be faster than our word of the hit. */
  readonly #early: ObservedEvent[] = [];
  #triggeredAt: number | null = null;
  /** Of the request that began the clock. */
  #rid: number | null = null;
  #endedAt: number | null = null;

  constructor(options: ScenarioClockOptions) {
    this.#options = options;
    this.id = options.id;
    this.agent = options.agent;
    const { scenario, client, observer } = options;
    this.#steps = scenario.steps.flatMap((expected, index) => {
      const window = client === null ? undefined : expected.within[client];
      if (window === undefined) return [];
      if (observer?.tells.has(expected.seen) === false) return [];
      return [{ index, expected, expectedMs: window, observedMs: null, seen: 0 }];
    });
  }

  get isRunning(): boolean {
    return this.#triggeredAt !== null;
  }

  get isOver(): boolean {
    return this.#endedAt !== null;
  }

  /** Nothing is awaited any more: all was seen, and there is nothing that must stay away until the end. */
  get hasSeenAll(): boolean {
    return (
      this.#steps.length > 0 &&
      this.#steps.every(
        ({ observedMs, expected }) => observedMs !== null && expected.certainty !== "never",
      )
    );
  }

  /** Protocol ms from the clock's beginning to its end. */
  get lengthMs(): number {
    const latest = Math.max(0, ...this.#steps.map(({ expectedMs }) => expectedMs[1]));
    return Math.max(this.#options.scenario.lastsMs, latest) + graceMs;
  }

  begin(wall: number, rid: number | null): void {
    this.#triggeredAt = wall;
    this.#rid = rid;
    for (const event of this.#early.splice(0)) this.observe(event);
  }

  end(wall: number): void {
    this.#endedAt = wall;
  }

  /** True when a step was seen by it. */
  observe(event: ObservedEvent): boolean {
    if (this.isOver) return false;
    if (this.#triggeredAt === null) {
      this.#early.push(event);
      if (this.#early.length > 20) this.#early.shift();
      return false;
    }
    const since = event.at - this.#triggeredAt;
    if (since < -toleranceMs) return false;
    let isSeen = false;
    for (const step of this.#steps) {
      if (step.observedMs !== null || !this.#isMeant(step.expected, event)) continue;
      step.seen += 1;
      if (step.seen < (step.expected.nth ?? 1)) continue;
      step.observedMs = Math.max(0, Math.round(since * this.#options.timeScale));
      isSeen = true;
    }
    return isSeen;
  }

  #isMeant({ seen, ofAny }: ExpectedStep, { kind, rid }: ObservedEvent): boolean {
    if (seen !== kind) return false;
    return ofAny === true || rid === null || this.#rid === null || rid === this.#rid;
  }

  state(rules: readonly string[]): ScenarioRunState {
    const { id, scenario, agent, host, client, observer, startedAt } = this.#options;
    return {
      id,
      scenario: scenario.name,
      agent,
      host,
      client,
      observedBy: observer?.name ?? null,
      startedAt: new Date(startedAt).toISOString(),
      triggeredAt: this.#triggeredAt === null ? null : new Date(this.#triggeredAt).toISOString(),
      endedAt: this.#endedAt === null ? null : new Date(this.#endedAt).toISOString(),
      rules: [...rules],
      steps: this.#steps.map(({ index, expectedMs, observedMs }) => ({
        index,
        expectedMs,
        observedMs,
      })),
    };
  }
}
