/** How far one clock is from another, from happenings that both wrote down. */

/** A happening with the time one clock gave it. `key`: what both call it (kind and session, or kind and agent). */
export interface ClockMark {
  readonly key: string;
  readonly at: number;
}

export interface ClockMatch {
  /** Add it to the first clock to get the second, ms. */
  readonly offsetMs: number;
  /** Happenings that agree on it. */
  readonly matches: number;
  /** Half the width of what they say, ms. */
  readonly spreadMs: number;
}

/** Openfire writes whole seconds, and each side notes the same thing a little later than the other. */
const windowMs = 2000;
/** Zones differ by quarters of an hour, and most clocks are set by NTP: of offsets equally likely, the one near a quarter is right. */
const quarterMs = 900_000;
const maxPerKey = 200;

/** null when no happening is in both. */
export function matchClocks(
  own: readonly ClockMark[],
  other: readonly ClockMark[],
): ClockMatch | null {
  const differences = differencesOf(own, other).toSorted((a, b) => a.ms - b.ms);
  const clusters = clustersOf(differences);
  const most = Math.max(0, ...clusters.map(({ matches }) => matches));
  const likely = clusters.filter(({ matches }) => matches >= most * 0.6);
  return (
    likely.toSorted((a, b) => fromQuarter(a) - fromQuarter(b) || b.matches - a.matches)[0] ?? null
  );
}

const fromQuarter = ({ offsetMs }: ClockMatch): number => {
  const rest = Math.abs(offsetMs) % quarterMs;
  return Math.round(Math.min(rest, quarterMs - rest) / windowMs);
};

interface Difference {
  readonly ms: number;
  /** Index of the own mark: it votes once. */
  readonly of: number;
}

function differencesOf(own: readonly ClockMark[], other: readonly ClockMark[]): Difference[] {
  const theirs = Map.groupBy(other, ({ key }) => key);
  const used = new Map<string, number>();
  return own.flatMap((mark, of) => {
    const count = (used.get(mark.key) ?? 0) + 1;
    used.set(mark.key, count);
    if (count > maxPerKey) return [];
    const seen = theirs.get(mark.key) ?? [];
    return seen.slice(0, maxPerKey).map(({ at }) => ({ ms: at - mark.at, of }));
  });
}

/** For each difference: those within the window after it. Votes are counted once for each own mark. */
function clustersOf(sorted: readonly Difference[]): ClockMatch[] {
  const clusters: ClockMatch[] = [];
  const votes = new Map<number, number>();
  let end = 0;
  for (const [start, first] of sorted.entries()) {
    for (
      let next = sorted[end];
      next !== undefined && next.ms - first.ms <= windowMs;
      next = sorted[++end]
    )
      votes.set(next.of, (votes.get(next.of) ?? 0) + 1);
    const last = sorted[end - 1] ?? first;
    const middle = sorted[Math.floor((start + end - 1) / 2)] ?? first;
    clusters.push({ offsetMs: middle.ms, matches: votes.size, spreadMs: (last.ms - first.ms) / 2 });
    const left = (votes.get(first.of) ?? 0) - 1;
    if (left > 0) votes.set(first.of, left);
    else votes.delete(first.of);
  }
  return clusters;
}
