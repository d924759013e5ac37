/** How long to wait before the feed is dialled again. */

const firstMs = 250;
const longestMs = 10_000;

/** Doubles from 250 ms to 10 s; `random` (0..1) takes up to a quarter off, so that many pages do not come back in step. */
export function retryDelay(attempt: number, random: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(attempt, 30));
  return full * (1 - random / 4);
}
