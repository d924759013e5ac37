/** What follows by the clock: when the server closes the session, when the client gives up, when the agent is logged out. */
import type { Consequence } from "../domain/finding.ts";
import type { Case } from "./case.ts";
import { phrase } from "./claim.ts";
import type { SessionState } from "./session-state.ts";
import { limits } from "./thresholds.ts";

const iso = (wall: number): string => new Date(wall).toISOString();

/** Measured (domain reference 2.7): from the first failing poll until the library says "disconnected", protocol ms. */
const giveUpAfter = {
  jabberwerx: { hard: 7200, silence: 147_100 },
  strophe: { hard: 68_000, silence: 168_000 },
  unknown: { hard: 7200, silence: 147_100 },
} as const;

export function consequencesOf(one: Case): Consequence[] {
  const [session] = one.sessions;
  if (session === undefined || session.over === "left") return [];
  const closed = closing(one, session);
  const list = [...gaveUp(one, session), ...(closed === null ? [] : [closed.consequence])];
  if (closed === null) return list;
  const logoutAt = closed.at + limits.forcedLogout / one.scale;
  return [
    ...list,
    {
      at: iso(logoutAt),
      kind: "forced-logout",
      certainty: "expected",
      what: phrase("consequence.forced-logout"),
    },
  ];
}

interface Closing {
  readonly at: number;
  readonly consequence: Consequence;
}

function closing(one: Case, session: SessionState): Closing | null {
  const seen = one.symptoms.find(
    ({ kind }) => kind === "invalid-sid" || kind === "ended-by-server" || kind === "conflict",
  );
  const base = lastActivity(one, session);
  const earliest = base + session.inactivityMs;
  const latest = earliest + limits.reaperPeriod / one.scale;
  if (seen !== undefined) {
    const at = one.scope === "client" ? Math.min(seen.at, latest) : seen.at;
    const key = seen.kind === "invalid-sid" ? "consequence.closed-404" : "consequence.closed-told";
    return {
      at,
      consequence: { at: iso(at), kind: "session-closed", certainty: "seen", what: phrase(key) },
    };
  }
  const isDue =
    one.gap === null
      ? session.over === "lost" || session.over === "moved" || isWaiting(one, session)
      : one.gap.latest.lasts;
  if (!isDue) return null;
  const what = phrase("consequence.closed-by-clock", {
    earliest: iso(earliest),
    latest: iso(latest),
  });
  return {
    at: latest,
    consequence: { at: iso(latest), kind: "session-closed", certainty: "expected", what },
  };
}

/** The server counts from the end of the last exchange, and while it holds a poll the session is active (Openfire's getLastActivity). */
function lastActivity(one: Case, session: SessionState): number {
  if (one.gap !== null) return one.gap.latest.since;
  const lost = one.symptoms.find(({ kind }) => kind === "no-answer" || kind === "trickle");
  return lost === undefined ? one.since : lost.since + session.waitMs;
}

const isWaiting = (one: Case, { over, lastAnswer }: SessionState): boolean =>
  over === null && (lastAnswer === null || !lastAnswer.clean || lastAnswer.at < one.firstAt);

function gaveUp(one: Case, session: SessionState): Consequence[] {
  if (one.scope !== "server" || !isWaiting(one, session)) return [];
  const hard = one.has("reset", "fin", "refused", "unavailable");
  const silent = one.has("no-answer", "trickle", "connect-stall");
  if (!hard && !silent) return [];
  const after = giveUpAfter[session.library][hard ? "hard" : "silence"];
  const at = one.since + after / one.scale;
  const what = phrase("consequence.gives-up", { library: session.library, seconds: after / 1000 });
  return [{ at: iso(at), kind: "client-gives-up", certainty: "expected", what }];
}
