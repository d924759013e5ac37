/**
 * Reads a long range in slices. SQLite can't be interrupted from node:sqlite, so a search looks at some rows, lets the thread
 * answer others, and goes on: short questions never wait for long ones, and a search that is no longer wanted ends.
 */
import { setImmediate as breathe } from "node:timers/promises";

/** A slice should take about this long: what the next question waits at worst. */
const sliceMs = 20;
const firstSlice = 2048;
const largestSlice = 2 ** 24;

/** Both ends included; `descending` starts at `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly descending: boolean;
}

/** What is left of the range when somebody stopped the scan, or null when it is all read. */
export type Rest = Range | null;

/**
 * Calls `visit` for one slice after the other until it returns false (enough), the range ends, or `goOn` says no between two.
 * Returns what was not visited; a slice that was enough counts as visited.
 */
export async function scanInSlices(
  range: Range,
  visit: (slice: Range) => boolean,
  goOn: () => boolean,
  mono: () => number,
): Promise<Rest> {
  let rest: Rest = range;
  let size = firstSlice;
  while (rest !== null && rest.from <= rest.to) {
    const slice = firstOf(rest, size);
    const begun = mono();
    const wantsMore = visit(slice);
    rest = without(rest, slice);
    if (!wantsMore) return rest;
    size = nextSize(size, mono() - begun);
    await breathe();
    if (!goOn()) return rest;
  }
  return null;
}

function firstOf(range: Range, size: number): Range {
  return range.descending
    ? { ...range, from: Math.max(range.from, range.to - size + 1) }
    : { ...range, to: Math.min(range.to, range.from + size - 1) };
}

function without(range: Range, slice: Range): Rest {
  const rest = range.descending
    ? { ...range, to: slice.from - 1 }
    : { ...range, from: slice.to + 1 };
  return rest.from <= rest.to ? rest : null;
}

function nextSize(size: number, tookMs: number): number {
  if (tookMs < sliceMs / 2) return Math.min(largestSlice, size * 2);
  return tookMs > sliceMs * 2 ? Math.max(16, Math.floor(size / 4)) : size;
}
