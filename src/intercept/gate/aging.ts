/** Rules that forget a connection when nothing has passed on it for long, or when it has been open that long: a timer for each such rule. */
import type { AgingRule } from "../../faults/armed-rules.ts";

export interface AgingOptions {
  readonly mono: () => number;
  /** The connection has come to that age. False: the rule does not mean it, as it is now. */
  readonly forget: (rule: string) => boolean;
}

export class Aging {
  readonly #options: AgingOptions;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #openedAt: number;
  /** When something passed last; known while a rule wants to know. */
  #passedAt = 0;

  constructor(options: AgingOptions) {
    this.#options = options;
    this.#openedAt = options.mono();
  }

  /** Something passes, either way. Costs nothing while no rule wants to know. */
  passed(): void {
    if (this.#timers.size > 0) this.#passedAt = this.#options.mono();
  }

  /** `passedAt`: when something passed last, as far as is known. */
  watch(rules: readonly AgingRule[], passedAt: number): void {
    if (rules.length > 0) this.#passedAt = Math.max(this.#passedAt, passedAt);
    for (const rule of rules) if (!this.#timers.has(rule.rule)) this.#wait(rule, 0);
  }

  released(rule: string): void {
    clearTimeout(this.#timers.get(rule));
    this.#timers.delete(rule);
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** `atLeast`: not sooner than that, ms from now. */
  #wait(rule: AgingRule, atLeast: number): void {
    const left = this.#dueAt(rule) - this.#options.mono();
    const timer = setTimeout(() => this.#due(rule), Math.max(left, atLeast));
    this.#timers.set(rule.rule, timer);
  }

  /** What is too old already goes when the rule is armed. */
  #dueAt({ ms, counts, armedAt }: AgingRule): number {
    if (counts === "open") return Math.max(this.#openedAt + ms, armedAt);
    return Math.max(this.#passedAt + ms, armedAt);
  }

  #due(rule: AgingRule): void {
    const { mono, forget } = this.#options;
    // A timer may fire a little early.
    if (this.#dueAt(rule) - mono() > 1) return this.#wait(rule, 0);
    if (forget(rule.rule)) this.released(rule.rule);
    else this.#wait(rule, rule.ms);
  }
}
