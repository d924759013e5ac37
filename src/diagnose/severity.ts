/** How bad it was: the session lost, nearly lost, or nothing lost. */
import type { Finding } from "../domain/finding.ts";
import type { Case, GapCase } from "./case.ts";
import type { Scope } from "./incident.ts";
import { isServedSince, type SessionState } from "./session-state.ts";
import { limits } from "./thresholds.ts";

const ofScope: Partial<Record<Scope, Finding["severity"]>> = {
  clock: "warning",
  own: "warning",
  conflict: "disconnect",
  protocol: "disconnect",
  auth: "disconnect",
  trust: "disconnect",
  lockout: "disconnect",
  certificate: "disconnect",
  log: "disconnect",
};

export function severityOf(one: Case): Finding["severity"] {
  return ofScope[one.scope] ?? (one.scope === "client" ? ofSilence(one) : ofService(one));
}

function ofSilence(one: Case): Finding["severity"] {
  const { gap } = one;
  if (gap === null) return "warning";
  const limit = gap.session.inactivityMs;
  if (isLostBySilence(gap) || one.has("invalid-sid", "ended-by-server")) return "disconnect";
  const isBack = wasAnsweredSince(gap.session, gap.since);
  if (!isBack && gap.ms > limit + limits.reaperPeriod / one.scale) return "disconnect";
  return gap.ms >= limit / 2 ? "near-miss" : "warning";
}

/** Lost once it had been back, or by the server before the silence was too long, it was not lost by the silence. */
function isLostBySilence({ session, latest, ms }: GapCase): boolean {
  if (!isLost(session) || isServedSince(session, latest.since)) return false;
  return session.over === "moved" || ms >= session.inactivityMs;
}

/** The reply to the last ping before the silence comes after its beginning. */
function wasAnsweredSince(session: SessionState, since: number): boolean {
  if (session.transport === "websocket") return isServedSince(session, since);
  return (session.lastAnswer?.at ?? 0) > since;
}

const isLost = ({ over }: SessionState): boolean => over === "lost" || over === "moved";

/** The desktop gives up on these whatever becomes of its session (administration guide, failover triggers). */
function ofService(one: Case): Finding["severity"] {
  if (one.has("out-of-service", "finesse-gone", "invalid-sid", "ended-by-server", "refused"))
    return "disconnect";
  if (one.sessions.some((session) => isLostByService(session, one))) return "disconnect";
  const { sessions, notification } = one;
  if (notification.tcpStalls > 0 && sessions.length === 0) return "disconnect";
  if (sessions.length > 0 && sessions.every((session) => isBack(session, one))) return "near-miss";
  const lastAt = one.symptoms.at(-1)?.at ?? one.firstAt;
  const silent = one.now - lastAt > (limits.assumedInactivity + limits.reaperPeriod) / one.scale;
  if (silent && sessions.some(({ over }) => over === null)) return "disconnect";
  return one.has("bad-character") && one.symptoms.length === 1 ? "warning" : "near-miss";
}

/** A page that is loaded anew leaves its session behind, however well that had been since. */
const isLostByService = (session: SessionState, one: Case): boolean =>
  isLost(session) &&
  !(session.over === "moved" && isServedSince(session, lastSymptomAt(session, one)));

const lastSymptomAt = ({ key }: SessionState, { symptoms, firstAt }: Case): number =>
  symptoms.findLast(({ session }) => session === key)?.at ?? firstAt;

function isBack(session: SessionState, one: Case): boolean {
  const lastAt = lastSymptomAt(session, one);
  if (session.transport === "websocket")
    return session.over === null && session.lastFromServer > lastAt;
  return session.lastAnswer !== null && session.lastAnswer.clean && session.lastAnswer.at >= lastAt;
}
