/** Everything that waits because of a rule: let go by time, by the rule's release, or with its connection. */
export interface Wait {
  /** Resolves once; true = time is up or the rule was released, false = given up (the connection is gone). */
  readonly over: Promise<boolean>;
  giveUp(): void;
}

/** `setTimeout` fires at once for more than this. */
const maxTimerMs = 2 ** 31 - 1;

export class Waits {
  readonly #byRule = new Map<string, Set<() => void>>();

  /** The rule is over: what waits because of it goes on. */
  release(rule: string): void {
    for (const letGo of this.#byRule.get(rule) ?? []) letGo();
  }

  /** Rules that something waits for. */
  get rules(): readonly string[] {
    return [...this.#byRule.keys()];
  }

  /** `ms` null: until the rule is released. */
  start(rule: string, ms: number | null): Wait {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer =
      ms === null ? null : setTimeout(() => settle(true), Math.min(Math.max(0, ms), maxTimerMs));
    const letGo = (): void => settle(true);
    const settle = (passed: boolean): void => {
      if (timer !== null) clearTimeout(timer);
      const waiting = this.#byRule.get(rule);
      waiting?.delete(letGo);
      if (waiting?.size === 0) this.#byRule.delete(rule);
      resolve(passed);
    };
    const waiting = this.#byRule.get(rule) ?? new Set();
    waiting.add(letGo);
    this.#byRule.set(rule, waiting);
    return { over: promise, giveUp: () => settle(false) };
  }
}
