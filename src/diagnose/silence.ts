/** Sessions whose client does not ask although it is its turn, and WebSockets whose pings have no reply. */
import { withoutProcess } from "./fact.ts";
import { rulesFrom, type SessionState } from "./session-state.ts";
import type { Symptom } from "./symptom.ts";
import { limits, real } from "./thresholds.ts";
import type { World } from "./world.ts";

/** New ones only; each silence is told once while it lasts. */
export function silences(world: World): Symptom[] {
  const found: Symptom[] = [];
  for (const session of world.sessions.values()) {
    if (session.over !== null) continue;
    const seen =
      session.transport === "bosh" ? boshSilence(world, session) : socketSilence(world, session);
    if (seen !== null) found.push(seen);
  }
  return found;
}

function boshSilence(world: World, session: SessionState): Symptom | null {
  const { lastAnswer } = session;
  if (session.open.size > 0 || lastAnswer === null || !lastAnswer.clean) return null;
  if (session.gap !== null && session.gap.since === lastAnswer.at) return null;
  const ms = world.now - lastAnswer.at;
  if (ms < Math.max(world.ms(limits.gap), real.gap)) return null;
  if (hasLeft(world, session, lastAnswer.at) || isTrying(world, session, lastAnswer.at))
    return null;
  session.gap = { since: lastAnswer.at, after: lastAnswer.exchange, endedAt: null, before: null };
  return symptom(world, session, "gap", lastAnswer.at, lastAnswer.exchange);
}

function socketSilence(world: World, session: SessionState): Symptom | null {
  const { unansweredSince, lastRequestAt, firstExchange } = session;
  if (hasLeft(world, session, lastRequestAt)) return null;
  const patience = Math.max(world.ms(limits.pingUnanswered), real.gap);
  if (unansweredSince !== null && world.now - unansweredSince > patience) {
    session.unansweredSince = null;
    return symptom(world, session, "no-answer", unansweredSince, firstExchange);
  }
  // A client that never pinged has a rhythm of its own.
  if (
    session.pings < 2 ||
    world.now - lastRequestAt < Math.max(world.ms(limits.pingSilence), real.gap)
  )
    return null;
  if (session.gap !== null && session.gap.since === lastRequestAt) return null;
  session.gap = { since: lastRequestAt, after: firstExchange, endedAt: null, before: null };
  return symptom(world, session, "gap", lastRequestAt, firstExchange);
}

/** Its connections were closed by the client itself when it fell silent: a tab or window that was closed, not a fault. */
function hasLeft(world: World, session: SessionState, since: number): boolean {
  const connection = world.connections.get(session.connection);
  if (connection === undefined || connection.clientEndAt === null) return false;
  const { clientEnd, clientEndAt } = connection;
  const isClosing = clientEnd === "fin" || (clientEnd === "reset" && clientEndAt - since < 1000);
  if (!isClosing) return false;
  session.over = "gone";
  session.overAt = clientEndAt;
  return true;
}

/** The client does try, and the port fails it: that silence is not its own. What others meet excuses nobody. */
function isTrying(world: World, session: SessionState, since: number): boolean {
  const port = world.port(session.host, session.port);
  // A connection is its address's until the system has told whose it is.
  const own = new Set([session.client, withoutProcess(session.client)]);
  for (const client of own) if ((port.failing.get(client) ?? 0) >= since) return true;
  for (const [id, openedAt] of port.opening)
    if (openedAt >= since && own.has(world.connections.get(id)?.client ?? session.client))
      return true;
  return false;
}

function symptom(
  world: World,
  session: SessionState,
  kind: "gap" | "no-answer",
  since: number,
  exchange: string,
): Symptom {
  const { host, port, agent, client, key } = session;
  return {
    kind,
    path: "notification",
    at: world.now,
    since,
    exchange,
    host,
    port,
    agent,
    client,
    session: key,
    ms: world.now - since,
    faults: rulesFrom(session, since - world.ms(limits.faultReach)),
    detail: "",
  };
}
