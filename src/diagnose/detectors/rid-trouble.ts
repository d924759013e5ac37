/** F22: the server ended the session over request ids: they skipped, came twice, or came too quick. Clients count them; a second path duplicates them. */
import type { Case } from "../case.ts";
import { bounded, type Detector, phrase } from "../claim.ts";
import { limits } from "../thresholds.ts";

const settle = [phrase("settle.second-path")];

export const ridTrouble: Detector = (one) => {
  if (one.has("protocol"))
    return {
      cause: "F22",
      side: "client",
      confidence: 0.85,
      because: [phrase("because.rid")],
      settle,
    };
  const lost = lostAgain(one);
  if (lost === 0) return null;
  // The ids we saw were in order: whatever upset the server was added beyond us.
  return {
    cause: "F22",
    side: "network",
    confidence: bounded(0.78 + (one.unharmed > 0 ? 0.06 : 0)),
    because: [phrase("because.lost-again", { count: lost })],
    settle,
  };
};

/** A server that restarted forgets each session once. One that drops an agent's new session as well, and at once, is upset by what it is sent. */
function lostAgain(one: Case): number {
  const { notification, sessions, scale } = one;
  if (notification.count("refused", "reset", "fin", "unavailable", "no-answer") > 0) return 0;
  const gone = new Map<string, number>();
  for (const { kind, session, at } of notification.symptoms)
    if (kind === "invalid-sid" && session !== null && !gone.has(session)) gone.set(session, at);
  const dropped = sessions.filter(({ key }) => gone.has(key));
  const quick = dropped.filter(
    ({ key, agent, startedAt }) =>
      (gone.get(key) ?? 0) - startedAt < limits.together / 10 / scale &&
      // A session dropped while it signs in names no agent yet.
      dropped.some(
        (other) => (agent === null || other.agent === agent) && other.startedAt < startedAt,
      ),
  );
  return quick.length === 0 ? 0 : dropped.length;
}
