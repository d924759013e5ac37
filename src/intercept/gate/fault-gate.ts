/** What all gated connections share: the rules, what waits, the breakpoints, and the list of connections for rules about what waits. */
import { reasonOf } from "../../base/errors.ts";
import type { Log } from "../../base/log.ts";
import type { CaptureSink } from "../../domain/capture-event.ts";
import type { ArmedRules } from "../../faults/armed-rules.ts";
import type { Decision, FaultStep } from "../../faults/step.ts";
import { Breakpoints } from "./breakpoints.ts";
import type { ConnectionGate } from "./connection-gate.ts";
import { Waits } from "./waits.ts";

export interface FaultGateOptions {
  readonly rules: ArmedRules;
  readonly emit: CaptureSink;
  readonly mono: () => number;
  readonly log: Log;
  /** Called for each exchange a rule touches. */
  readonly touched?: (rule: string, exchange: number) => void;
}

export class FaultGate {
  readonly rules: ArmedRules;
  readonly emit: CaptureSink;
  readonly mono: () => number;
  readonly waits = new Waits();
  readonly breakpoints = new Breakpoints();
  readonly #log: Log;
  #releases = 0;
  #allReleased = 0;
  readonly #released = new Map<string, number>();
  readonly #touched: (rule: string, exchange: number) => void;
  readonly #open = new Set<ConnectionGate>();

  constructor({ rules, emit, mono, log, touched = () => undefined }: FaultGateOptions) {
    this.#log = log;
    this.#touched = touched;
    this.rules = rules;
    this.emit = emit;
    this.mono = mono;
    rules.onChange((change) => {
      const { id, alsoWaiting, actions } = change.rule;
      if (change.kind === "armed") {
        if (alsoWaiting) for (const gate of this.#open) gate.alsoWaiting(id);
        const forgets = actions.some(({ kind }) => kind === "forget");
        if (forgets) for (const gate of this.#open) gate.watchAge();
        // One that has hit as often as it should still does what it began.
      } else if (change.why !== "spent") this.release(id);
    });
  }

  /** An instant in the order of releases. */
  get mark(): number {
    return this.#releases;
  }

  /** The step's rule is over since then: it is not done any more. What an earlier rule took out still comes back. */
  isOff(step: FaultStep, since: number): boolean {
    if (step.kind === "change" && step.change.kind === "append-stanzas") return false;
    return Math.max(this.#allReleased, this.#released.get(step.rule) ?? 0) > since;
  }

  /** Lets go what waits because of a rule, also of one that is spent. */
  release(rule: string): void {
    this.#released.set(rule, ++this.#releases);
    this.waits.release(rule);
    this.breakpoints.release(rule);
    for (const gate of this.#open) gate.released(rule);
  }

  /** Lets go all that waits. */
  releaseAll(): void {
    this.#allReleased = ++this.#releases;
    const held = this.breakpoints.list().map(({ rule }) => rule);
    for (const rule of new Set([...this.waits.rules, ...held])) this.release(rule);
  }

  /** A defect of ours may not hold up traffic: it is told, and the message goes on. */
  defect(error: unknown): void {
    this.#log.error("gate.defect", { why: reasonOf(error) });
  }

  opened(gate: ConnectionGate): void {
    this.#open.add(gate);
  }

  closed(gate: ConnectionGate): void {
    this.#open.delete(gate);
  }

  /** Says which rules touched an exchange, and how. */
  tell(connection: number, exchange: number, { rules, request, response }: Decision): void {
    for (const rule of rules) {
      const steps = [...request, ...response].filter((step) => step.rule === rule);
      const what = steps.map(({ kind }) => kind).join(" ");
      this.emit({ kind: "fault-applied", exchange, connection, at: this.mono(), rule, what });
      this.#touched(rule, exchange);
    }
  }
}
