/** Messages held at a breakpoint. The real bytes stay here, in memory; whoever shows them replaces the secrets first. */
import type { FaultLeg } from "../../domain/fault-rule.ts";

export interface HeldBytes {
  readonly id: string;
  readonly rule: string;
  readonly exchange: number;
  readonly leg: FaultLeg;
  /** Monotonic ms. */
  readonly since: number;
  /** Request target, by which a body is read. */
  readonly path: string;
  /** latin1, through the empty line; "" for a frame. */
  readonly head: string;
  /** Content in plain; null = can't be shown, and passes as it came. */
  readonly body: Uint8Array | null;
}

/** Left out = as it came. */
export type Verdict =
  | { readonly action: "release"; readonly head?: string; readonly body?: string }
  | { readonly action: "drop" };

export class Breakpoints {
  readonly #held = new Map<string, { message: HeldBytes; settle: (verdict: Verdict) => void }>();
  readonly #listeners = new Set<() => void>();
  #count = 0;

  /** The rule is over: its messages go on as they came. */
  release(rule: string): void {
    for (const { message, settle } of this.#held.values())
      if (message.rule === rule) settle({ action: "release" });
  }

  list(): readonly HeldBytes[] {
    return [...this.#held.values()].map(({ message }) => message);
  }

  get(id: string): HeldBytes | null {
    return this.#held.get(id)?.message ?? null;
  }

  /** Called whenever a message is held or let go. Returns the way to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  hold(message: Omit<HeldBytes, "id">): {
    readonly verdict: Promise<Verdict>;
    readonly giveUp: () => void;
  } {
    const id = `h${++this.#count}`;
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    const settle = (verdict: Verdict): void => {
      if (!this.#held.delete(id)) return;
      resolve(verdict);
      this.#tell();
    };
    this.#held.set(id, { message: { id, ...message }, settle });
    this.#tell();
    return { verdict: promise, giveUp: () => settle({ action: "drop" }) };
  }

  /** False: nothing is held under that id (any more). */
  settle(id: string, verdict: Verdict): boolean {
    const held = this.#held.get(id);
    held?.settle(verdict);
    return held !== undefined;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
