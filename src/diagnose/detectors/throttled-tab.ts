/** F5: a hidden tab: its silences are whole ticks of Chrome's throttled timers, 1 s at first, 1 min after five minutes. */
import type { Case, GapCase } from "../case.ts";
import { bounded, type Claim, type Detector, phrase } from "../claim.ts";
import { limits } from "../thresholds.ts";

export const throttledTab: Detector = (one) => {
  const { gap } = one;
  if (gap === null) return noRetry(one);
  const ticks = minuteTicks(one, gap);
  const seconds = secondTicks(one, gap);
  const isAlive = gap.ownRequests > 0;
  if (ticks + seconds === 0 && !isAlive) return null;
  const base = ticks >= 2 ? 0.88 : ticks === 1 || seconds >= 3 ? 0.8 : 0.62;
  const because = [
    ...(ticks > 0 ? [phrase("because.minute-ticks", { ticks })] : []),
    ...(seconds >= 3 ? [phrase("because.second-ticks", { ticks: seconds })] : []),
    ...(isAlive ? [phrase("because.page-alive", { requests: gap.ownRequests })] : []),
  ];
  return claim(base + (isAlive ? 0.04 : 0), because);
};

const claim = (confidence: number, because: Claim["because"]): Claim => ({
  cause: "F5",
  side: "client",
  confidence: bounded(confidence),
  because,
  settle: [phrase("settle.tab-visible")],
});

/** Both libraries send a poll that was cut again within half a second, in a visible tab. */
const retryMs = 10_000;

/** One cut, and no try after it: the retry waits for a throttled timer. The cut alone would have harmed nobody. */
function noRetry({ scope, sessions, notification, now, firstAt, scale }: Case): Claim | null {
  const [session, second] = sessions;
  if (scope !== "server" || session === undefined || second !== undefined) return null;
  if (notification.count("reset", "fin") !== 1 || notification.symptoms.length !== 1) return null;
  const isSilent = session.over === null && session.lastRequestAt < firstAt;
  if (!isSilent || (now - firstAt) * scale < retryMs) return null;
  return claim(0.66, [phrase("because.no-retry")]);
}

/** Silences of whole minutes, or that ended at the same second of the minute: such timers run in step. */
function minuteTicks({ scale }: Case, { session }: GapCase): number {
  const long = session.gaps.flatMap(({ since, endedAt }) =>
    endedAt !== null && (endedAt - since) * scale >= limits.gap
      ? [{ ms: (endedAt - since) * scale, phase: (endedAt * scale) % limits.hiddenTick }]
      : [],
  );
  const whole = long.filter(({ ms }) => ms > 55_000 && offTick(ms) <= 1500).length;
  const last = long.at(-1)?.phase ?? 0;
  const inStep = long.filter(({ phase }) => offTick(phase - last) <= 1000).length;
  return Math.max(whole, inStep >= 2 ? inStep : 0);
}

/** Distance from a whole number of minutes. */
function offTick(ms: number): number {
  const rest = Math.abs(ms) % limits.hiddenTick;
  return Math.min(rest, limits.hiddenTick - rest);
}

/** Silences of one second before the long one. */
function secondTicks({ scale }: Case, { session }: GapCase): number {
  return session.gaps.filter(({ since, endedAt }) => {
    const ms = ((endedAt ?? since) - since) * scale;
    return ms >= 850 && ms <= 1300;
  }).length;
}
