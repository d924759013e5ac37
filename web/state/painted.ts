/** When each row was first painted, for measuring the delay from wire to screen. */

declare global {
  interface Window {
    __boshscope?: {
      /** ms since 1970 (fractional) of the frame that first showed the row; undefined when it never was on screen. */
      readonly painted: (id: string) => number | undefined;
    };
  }
}

const keep = 20_000;
const first = new Map<string, number>();

export function notePainted(id: string): void {
  if (first.has(id)) return;
  if (first.size >= keep) first.clear();
  first.set(id, performance.timeOrigin + performance.now());
}

export function exposePainted(): void {
  window.__boshscope = { painted: (id) => first.get(id) };
}
