/** How far a long job is: one line that is written over on a terminal, nothing otherwise. */

export interface Progress {
  /** Shows the line, at most ten times a second. */
  show(text: string): void;
  /** Takes the line away. */
  clear(): void;
}

const everyMs = 100;

/** `write` is the terminal's stderr, or null where there is none. */
export function createProgress(write: ((text: string) => void) | null): Progress {
  let last = 0;
  let isShown = false;
  return {
    show(text) {
      const now = performance.now();
      if (write === null || now - last < everyMs) return;
      last = now;
      isShown = true;
      write(`\r${text.slice(0, 78)}\u001b[K`);
    },
    clear() {
      if (isShown) write?.("\r\u001b[K");
      isShown = false;
    },
  };
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
}
