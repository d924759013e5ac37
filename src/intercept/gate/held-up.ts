/** What of one connection waits because of rules, and the way to give it up. */
import type { Passage } from "./passage.ts";

export class HeldUp {
  readonly #all = new Set<() => void>();
  /** Who closes its connection does not want them sent any more. */
  readonly #requests = new Set<() => void>();

  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  /** `giveUp` settles `over`. */
  async until<T>({ kind }: Passage, giveUp: () => void, over: Promise<T>): Promise<T> {
    const lists = kind === "request" ? [this.#all, this.#requests] : [this.#all];
    for (const list of lists) list.add(giveUp);
    const outcome = await over;
    for (const list of lists) list.delete(giveUp);
    return outcome;
  }

  giveUpRequests(): void {
    for (const giveUp of this.#requests) giveUp();
  }

  giveUpAll(): void {
    for (const giveUp of this.#all) giveUp();
    this.#all.clear();
    this.#requests.clear();
  }
}
