/** Which rule is to blame for an exchange that does not go on, and how that is told when it comes to nothing. */
import type { CaptureSink } from "../../domain/capture-event.ts";

export class BlameBook {
  readonly #emit: CaptureSink;
  readonly #mono: () => number;
  readonly #blamed = new Map<number, string>();
  /** Answers that have not reached the client because a rule keeps them. */
  readonly #undelivered = new Set<number>();

  constructor(emit: CaptureSink, mono: () => number) {
    this.#emit = emit;
    this.#mono = mono;
  }

  of(exchange: number): string | null {
    return this.#blamed.get(exchange) ?? null;
  }

  /** From now on its failure is the rule's doing. */
  keeps(exchange: number, rule: string, isAnswer: boolean): void {
    this.#blamed.set(exchange, rule);
    if (isAnswer) this.#undelivered.add(exchange);
  }

  passed(exchange: number): void {
    this.#blamed.delete(exchange);
    this.#undelivered.delete(exchange);
  }

  /** The answer is whole, yet the client never gets it. */
  lost(exchange: number, rule: string, why: string): void {
    this.#undelivered.delete(exchange);
    this.#emit({
      kind: "exchange-failed",
      exchange,
      at: this.#mono(),
      phase: "body",
      cause: "fault-rule",
      blame: "fault-rule",
      alert: null,
      detail: `${rule}: ${why}`,
    });
  }

  /** The client went away while answers waited; those that are not whole fail by way of the tap. */
  abandoned(why: string, isWhole: (exchange: number) => boolean): void {
    for (const exchange of this.#undelivered) {
      const rule = this.#blamed.get(exchange);
      if (rule !== undefined && isWhole(exchange))
        this.lost(exchange, rule, `${why} while its answer waited`);
    }
  }
}
