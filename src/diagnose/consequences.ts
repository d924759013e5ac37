/** What follows by the clock: when the server closes the session, when the client gives up, when the agent is logged out. */
import type { Consequence } from "../domain/finding.ts";
import type { Case } from "./case.ts";
import { phrase } from "./claim.ts";
import type { SessionState } from "./session-state.ts";
import { beganAt, isHard, isUnanswered, type Symptom, type SymptomKind } from "./symptom.ts";
import { limits } from "./thresholds.ts";

const iso = (wall: number): string => new Date(wall).toISOString();

/** Measured (domain reference 2.7): from the first failing poll until the library says "disconnected", protocol ms. */
const giveUpAfter = {
  jabberwerx: { hard: 7200, silence: 147_100 },
  strophe: { hard: 68_000, silence: 168_000 },
  unknown: { hard: 7200, silence: 147_100 },
} as const;

const cutting = new Set<SymptomKind>(["reset", "fin", "refused", "unavailable"]);

export function consequencesOf(one: Case): Consequence[] {
  const session = one.sessions.find((each) => isHarmed(one, each)) ?? one.sessions[0];
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

const isHarmed = (one: Case, session: SessionState): boolean =>
  isLost(session) || failing(one, session).length > 0;

const isLost = ({ over }: SessionState): boolean => over === "lost" || over === "moved";

/** What its connection has met since it was last served: what it got over counts for nothing. A refused connection names no session. */
function failing(one: Case, session: SessionState): readonly Symptom[] {
  const wellAt = lastWell(session);
  return one.symptoms.filter(
    ({ kind, path, port, session: key, at }) =>
      isHard(kind) &&
      path !== "rest" &&
      port === session.port &&
      (key === null || key === session.key) &&
      at > wellAt,
  );
}

function lastWell({ transport, lastFromServer, lastAnswer, servedFrom }: SessionState): number {
  if (transport === "websocket") return lastFromServer;
  return lastAnswer?.clean === true ? lastAnswer.at : (servedFrom ?? 0);
}

interface Closing {
  readonly at: number;
  readonly consequence: Consequence;
}

function closing(one: Case, session: SessionState): Closing | null {
  const seen = endOf(one, session);
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
    one.gap === null ? isLost(session) || isWaiting(one, session) : one.gap.latest.lasts;
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

/** How the session was seen to end, or else another's. */
function endOf({ symptoms }: Case, { key }: SessionState): Symptom | undefined {
  const ends = symptoms.filter(
    ({ kind }) => kind === "invalid-sid" || kind === "ended-by-server" || kind === "conflict",
  );
  return ends.find(({ session }) => session === key) ?? ends[0];
}

/** The server counts from the end of the last exchange, and while it holds a poll the session is active (Openfire's getLastActivity). */
function lastActivity(one: Case, session: SessionState): number {
  if (one.gap !== null) return one.gap.latest.since;
  const met = failing(one, session);
  const lost = met.find(isUnanswered);
  if (lost !== undefined) return lost.since + session.waitMs;
  const [first] = met;
  return first === undefined ? one.since : beganAt(first);
}

const isWaiting = (one: Case, session: SessionState): boolean => {
  const { over, lastAnswer } = session;
  if (over !== null) return false;
  if (session.transport === "bosh" && (lastAnswer === null || !lastAnswer.clean)) return true;
  return lastWell(session) < one.firstAt || failing(one, session).length > 0;
};

function gaveUp(one: Case, session: SessionState): Consequence[] {
  if (one.scope !== "server" || !isWaiting(one, session)) return [];
  const met = failing(one, session);
  const [first] = met;
  if (first === undefined) return [];
  const isCut = met.some(({ kind }) => cutting.has(kind));
  const after = giveUpAfter[session.library][isCut ? "hard" : "silence"];
  const at = beganAt(first) + after / one.scale;
  const what = phrase("consequence.gives-up", { library: session.library, seconds: after / 1000 });
  return [{ at: iso(at), kind: "client-gives-up", certainty: "expected", what }];
}
