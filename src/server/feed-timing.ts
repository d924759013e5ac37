/** When the feed speaks, and how much may wait. */

/** Milliseconds, and bytes that may wait for one client's network. */
export interface FeedTiming {
  readonly flushMs: number;
  readonly statusAtMostMs: number;
  readonly statusAtLeastMs: number;
  readonly retestMs: number;
  readonly pingMs: number;
  readonly stallBytes: number;
}

export const usualTiming: FeedTiming = {
  flushMs: 50,
  statusAtMostMs: 250,
  statusAtLeastMs: 2000,
  retestMs: 1000,
  pingMs: 20_000,
  stallBytes: 1024 * 1024,
};
