/** Waiting for a fact instead of a time: whoever changes something notifies, whoever waits asks again; a deadline names what never came. */

export class Changes {
  readonly #waiting = new Set<() => void>();

  /** Something changed: everybody who waits looks again. */
  notify(): void {
    for (const look of this.#waiting) look();
  }

  /** Resolves with the probe's first answer that is not undefined; rejects, naming `what`, after `withinMs`. */
  async until<T>(
    probe: () => T | undefined,
    what: string | (() => string),
    withinMs = 10_000,
  ): Promise<T> {
    const already = probe();
    if (already !== undefined) return already;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const failure = new Error();
    const deadline = setTimeout(() => {
      failure.message = `waited ${withinMs} ms in vain for ${typeof what === "string" ? what : what()}`;
      reject(failure);
    }, withinMs);
    const look = (): void => {
      const found = probe();
      if (found !== undefined) resolve(found);
    };
    this.#waiting.add(look);
    try {
      return await promise;
    } finally {
      clearTimeout(deadline);
      this.#waiting.delete(look);
    }
  }
}

/** Looks every 10 ms: only for facts that nobody announces (a process table, a file, a counter). */
export async function polled<T>(
  probe: () => T | undefined | Promise<T | undefined>,
  what: string,
  withinMs = 10_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`waited ${withinMs} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
