/** Runs scenarios: arms their rules, begins the clock at the first message touched, and writes down when the desktop's own log says what was expected. */
import type { Clock } from "../base/clock.ts";
import { fail } from "../base/errors.ts";
import type { ScenarioRunState } from "../domain/fault-desk.ts";
import type { FaultRule } from "../domain/fault-rule.ts";
import type { Timeline } from "../domain/recording.ts";
import type { SessionSummary } from "../domain/timeline.ts";
import type { ArmedRules, FaultHit } from "../faults/armed-rules.ts";
import { scenarios } from "../faults/scenarios/catalogue.ts";
import type { ClientKind, Scenario, ScenarioRule } from "../faults/scenarios/scenario.ts";
import type { FaultSubject } from "../faults/subject.ts";
import type { FaultBook } from "./fault-book.ts";
import type { ObservedEvent, ObservedSource } from "./observed-source.ts";
import { ScenarioClock } from "./scenario-clock.ts";

export interface ScenarioRunsOptions {
  readonly book: FaultBook;
  readonly armed: ArmedRules;
  readonly clock: Clock;
  readonly timeScale: number;
  readonly after: (ms: number, run: () => void) => () => void;
  readonly timeline: () => Timeline;
  /** Asked in this order; they may grow. */
  readonly sources: readonly ObservedSource[];
}

interface Run {
  readonly scenario: Scenario;
  readonly clock: ScenarioClock;
  readonly rules: string[];
  /** Ids of the rules whose first hit begins the clock. */
  readonly starters: Set<string>;
  readonly stops: (() => void)[];
}

interface Beginning {
  readonly scenario: Scenario;
  readonly host: string | null;
  /** Who is watched. */
  readonly agent: string | null;
  readonly client: ClientKind | null;
  readonly source: ObservedSource | undefined;
}

/** Runs whose outcome can be looked up, and whose rules can. */
const maxRuns = 20;
/** A run that touches nothing for so long is over. Protocol ms: twice what a poll takes at most. */
const patienceMs = 150_000;

export class ScenarioRuns {
  readonly #options: ScenarioRunsOptions;
  readonly #runs: Run[] = [];
  readonly #listeners = new Set<() => void>();
  #count = 0;

  constructor(options: ScenarioRunsOptions) {
    this.#options = options;
    options.armed.onHit((hit) => this.#hit(hit));
    options.armed.onChange(({ kind, rule }) => {
      if (kind === "disarmed") this.#disarmed(rule.id);
    });
  }

  /** Latest first. */
  states(): readonly ScenarioRunState[] {
    return this.#runs.map(({ clock, rules }) => clock.state(rules)).toReversed();
  }

  async start(
    name: string,
    asked: { readonly agent?: string; readonly host?: string },
  ): Promise<ScenarioRunState> {
    const scenario = scenarios.find((one) => one.name === name);
    if (scenario === undefined) throw fail("not-found", { what: `scenario ${name}` });
    const timeline = this.#options.timeline();
    const target = targetOf(scenario, asked, timeline);
    const watched = target.agent ?? agentOn(target.host, timeline);
    const sources = this.#options.sources.filter(
      (one) => watched !== null && one.clientOf(watched) !== null,
    );
    const [source] = sources;
    const session = watched === null ? null : sessionOf(watched, timeline);
    const client = (watched === null ? null : source?.clientOf(watched)) ?? clientOf(session);
    refuseOthers(scenario, client);
    const run = this.#begin({ scenario, host: target.host, agent: watched, client, source });
    await this.#arm(
      run,
      scenario.rules({
        ...target,
        sid: session?.sid ?? null,
        lastRid: session?.lastRid ?? null,
      }),
    );
    this.#tell();
    return run.clock.state(run.rules);
  }

  #begin({ scenario, host, agent, client, source }: Beginning): Run {
    const clock = new ScenarioClock({
      id: `run${++this.#count}`,
      scenario,
      agent,
      host,
      client,
      observer: source ?? null,
      startedAt: this.#options.clock.wall(),
      timeScale: this.#options.timeScale,
    });
    const run: Run = { scenario, clock, rules: [], starters: new Set(), stops: [] };
    this.#runs.push(run);
    this.#forgetOldest();
    if (agent !== null && source !== undefined) this.#watch(run, source, agent);
    this.#in(run, patienceMs, () => {
      if (!clock.isRunning) this.#end(run);
    });
    return run;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    for (const run of this.#runs) for (const stop of run.stops.splice(0)) stop();
  }

  /** All rules are known before the first is armed, as arming may touch at once what waits. */
  async #arm(run: Run, rules: readonly ScenarioRule[]): Promise<void> {
    const { book } = this.#options;
    for (const [index, rule] of rules.entries()) {
      const { id } = book.add(ruleFrom(rule, run.scenario), run.clock.id);
      run.rules.push(id);
      if (rule.begins ?? (index === 0 || rule.alsoWaiting === true)) run.starters.add(id);
    }
    // The last first: what refuses new connections must stand when those that are open end.
    for (const id of run.rules.toReversed()) await book.arm(id);
  }

  #watch(run: Run, source: ObservedSource, agent: string): void {
    const stop = source.watch(agent, (event: ObservedEvent) => {
      if (!run.clock.observe(event)) return;
      this.#endIfSettled(run);
      this.#tell();
    });
    if (stop !== null) run.stops.push(stop);
  }

  #hit({ rule, subject }: FaultHit): void {
    const run = this.#runs.find(({ starters }) => starters.has(rule));
    if (run === undefined || run.clock.isRunning || run.clock.isOver) return;
    const { agent } = run.clock;
    if (agent !== null && subject.agent !== null && subject.agent !== agent) return;
    if (agent !== null && subject.agent === null && subject.kinds.has("connect")) return;
    run.clock.begin(this.#beganAt(run.scenario, subject), subject.rid);
    this.#in(run, run.scenario.lastsMs, () => this.#disarm(run));
    this.#in(run, run.clock.lengthMs, () => this.#end(run));
    this.#tell();
  }

  /** Wall ms. */
  #beganAt({ clockFrom }: Scenario, { askedAt }: FaultSubject): number {
    const { clock } = this.#options;
    const isAged = clockFrom === "request" && askedAt !== null;
    return clock.wall() - (isAged ? clock.mono() - askedAt : 0);
  }

  /** By a person, or because all have hit as often as they should: the first ends a run that touched nothing. */
  #disarmed(id: string): void {
    const run = this.#runs.find(({ rules, clock }) => rules.includes(id) && !clock.isOver);
    if (run === undefined) return;
    if (run.clock.isRunning) this.#endIfSettled(run);
    else if (!this.#isArmed(run)) this.#end(run);
  }

  #isArmed({ rules }: Run): boolean {
    return rules.some((rule) => this.#options.armed.isArmed(rule));
  }

  /** Before its time: when nothing is done any more, and nothing awaited. */
  #endIfSettled(run: Run): void {
    if (run.clock.hasSeenAll && !this.#isArmed(run)) this.#end(run);
  }

  #disarm({ rules }: Run): void {
    for (const id of rules) this.#options.armed.disarm(id);
  }

  #end(run: Run): void {
    if (run.clock.isOver) return;
    run.clock.end(this.#options.clock.wall());
    for (const stop of run.stops.splice(0)) stop();
    this.#disarm(run);
    this.#tell();
  }

  /** After ms of protocol time. */
  #in(run: Run, ms: number, act: () => void): void {
    run.stops.push(this.#options.after(ms / this.#options.timeScale, act));
  }

  #forgetOldest(): void {
    if (this.#runs.length <= maxRuns) return;
    const oldest = this.#runs.shift();
    if (oldest === undefined) return;
    this.#end(oldest);
    const there = new Set(this.#options.book.rules().map(({ id }) => id));
    for (const id of oldest.rules) if (there.has(id)) this.#options.book.remove(id);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const ruleFrom = (rule: ScenarioRule, { title, lastsMs }: Scenario): FaultRule => ({
  id: "",
  name: title.en,
  match: rule.match,
  actions: rule.actions,
  times: rule.times ?? null,
  // The run disarms it long before; this is for a run that never began.
  expiresAfterMs: lastsMs + patienceMs,
  alsoWaiting: rule.alsoWaiting ?? false,
});

function targetOf(
  { name, needs }: Scenario,
  asked: { readonly agent?: string; readonly host?: string },
  timeline: Timeline,
): { readonly agent: string | null; readonly host: string | null } {
  const { agent = null } = asked;
  const known = agent === null ? null : sessionOf(agent, timeline);
  const host = asked.host ?? (needs === "host" ? (known?.host ?? null) : null);
  if (needs === "agent" && agent === null)
    throw fail("request-invalid", {
      problem: `Scenario ${name} needs an agent: agent is missing.`,
    });
  if (needs === "host" && host === null && agent === null)
    throw fail("request-invalid", { problem: `Scenario ${name} needs a host: host is missing.` });
  return { agent, host };
}

/** A scenario about polls does nothing to a desktop that has none. */
function refuseOthers({ name, clients }: Scenario, client: ClientKind | null): void {
  if (clients === undefined || client === null || clients.includes(client)) return;
  throw fail("request-invalid", {
    problem: `Scenario ${name} is about polls: it does not apply to a WebSocket desktop.`,
  });
}

/** The first agent whose session is on that host: whom a run for all of a host is watched by. */
const agentOn = (host: string | null, { sessions }: Timeline): string | null =>
  sessions.find((session) => session.host === host && session.agent !== null && isOpen(session))
    ?.agent ?? null;

const isOpen = ({ phase }: SessionSummary): boolean =>
  phase === "open" || phase === "silent" || phase === "creating";

/** The agent's latest session that lives. */
export const sessionOf = (agent: string, { sessions }: Timeline): SessionSummary | null =>
  sessions.findLast((session) => session.agent === agent && isOpen(session)) ?? null;

/** What its desktop runs, as far as its requests tell. */
export function clientOf(session: SessionSummary | null): ClientKind | null {
  if (session === null) return null;
  if (session.transport === "websocket") return "websocket";
  return session.client === "unknown" ? null : session.client;
}
