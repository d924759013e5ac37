/** Remembers each agent's last state, so that a notification can be told as a change. Bounded; agents longest unchanged go first. */

const defaultCapacity = 20_000;

export class AgentStates {
  readonly #capacity: number;
  readonly #states = new Map<string, string>();

  constructor(capacity: number = defaultCapacity) {
    this.#capacity = Math.max(1, capacity);
  }

  get size(): number {
    return this.#states.size;
  }

  /** Takes the agent's new state; returns the one before, or null when none was known. */
  change(agent: string, state: string): string | null {
    const before = this.#states.get(agent) ?? null;
    this.#states.delete(agent);
    this.#states.set(agent, state);
    const oldest = this.#states.keys().next().value;
    if (this.#states.size > this.#capacity && oldest !== undefined) this.#states.delete(oldest);
    return before;
  }

  of(agent: string): string | null {
    return this.#states.get(agent) ?? null;
  }
}
