/** Puts rules, runs and held messages together for the server, and keeps the directory of who is who up to date. */
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { FaultDesk } from "../domain/fault-desk.ts";
import type { HeldMessage } from "../domain/fault-rule.ts";
import type { CaptureReader, Recorder } from "../domain/recording.ts";
import type { RecordedAnswer } from "../faults/answers/recorded-answer.ts";
import { ArmedRules } from "../faults/armed-rules.ts";
import { clientLogSource } from "./client-log-source.ts";
import { FaultBook } from "./fault-book.ts";
import { loadRecorded } from "./load-recorded.ts";
import type { ObservedSource } from "./observed-source.ts";
import { ruleFile } from "./rule-file.ts";
import { clientOf, ScenarioRuns, sessionOf } from "./scenario-runs.ts";

/** What waits at breakpoints, with its secrets replaced. */
export interface HeldMessages {
  list(): readonly HeldMessage[];
  /** All go on as they came. */
  letGo(): void;
  onChange(listener: () => void): () => void;
}

export interface FaultDeskOptions {
  /** Where the rules are kept. */
  readonly path: string;
  readonly recorder: Pick<Recorder, "timeline" | "onTimeline" | "onCommitted">;
  readonly reader: Pick<CaptureReader, "exchange" | "body">;
  readonly clock: Clock;
  readonly log: Log;
  /** Protocol seconds in a real one. */
  readonly timeScale: number;
}

export interface OpenFaultDesk {
  readonly desk: FaultDesk;
  /** For the relay. */
  readonly armed: ArmedRules;
  /** The relay tells which exchange a rule touched. */
  touched(rule: string, exchange: string): void;
  holds(held: HeldMessages): void;
  /** Another who can tell what desktops saw, asked before those there are. */
  addSource(source: ObservedSource): void;
  close(): void;
}

export function openFaultDesk(options: FaultDeskOptions): OpenFaultDesk {
  const { path, recorder, reader, clock, log, timeScale } = options;
  const answers = new Map<string, RecordedAnswer>();
  const armed = new ArmedRules({
    now: () => clock.mono(),
    dice: Math.random,
    timeScale,
    recorded: (exchange) => answers.get(exchange) ?? null,
  });
  const load = async (exchange: string): Promise<RecordedAnswer | null> => {
    const answer = await loadRecorded(reader, exchange);
    if (answer !== null) answers.set(exchange, answer);
    return answer;
  };
  const book = new FaultBook({
    armed,
    file: ruleFile(path, log),
    clock,
    timeScale,
    after,
    recorded: { load },
  });
  const timeline = () => recorder.timeline();
  const known = (agent: string) => clientOf(sessionOf(agent, timeline()));
  const sources: ObservedSource[] = [clientLogSource({ recorder, reader, clientOf: known, log })];
  const runs = new ScenarioRuns({ book, armed, clock, timeScale, after, timeline, sources });
  armed.directory.learn(timeline());
  const stopLearning = recorder.onTimeline((changed) => armed.directory.learn(changed));
  const held: HeldMessages[] = [];
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  book.onChange(tell);
  runs.onChange(tell);
  return {
    desk: deskOf({ book, runs, held, listeners }),
    armed,
    touched: (rule, exchange) => book.touched(rule, exchange),
    holds: (messages) => {
      held.push(messages);
      messages.onChange(tell);
    },
    addSource: (source) => sources.unshift(source),
    close: () => {
      stopLearning();
      runs.close();
      book.disarmAll();
      book.close();
    },
  };
}

interface Parts {
  readonly book: FaultBook;
  readonly runs: ScenarioRuns;
  readonly held: readonly HeldMessages[];
  readonly listeners: Set<() => void>;
}

function deskOf({ book, runs, held, listeners }: Parts): FaultDesk {
  return {
    rules: () => book.rules(),
    runs: () => runs.states(),
    held: () => held.flatMap((one) => one.list()),
    add: async (rule, arm) => {
      const added = book.add(rule);
      return arm ? await book.arm(added.id) : added;
    },
    replace: (id, rule, arm) => book.replace(id, rule, arm),
    arm: (id) => book.arm(id),
    disarm: (id) => book.disarm(id),
    remove: (id) => book.remove(id),
    importRules: (rules) => book.importRules(rules),
    panic: () => {
      book.disarmAll();
      // Also of rules that were spent before.
      for (const one of held) one.letGo();
    },
    run: (name, target) => runs.start(name, target),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
