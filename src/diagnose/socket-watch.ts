/** Follows XMPP sessions over a WebSocket: the pings that should come, and the replies that should follow. */

import { over } from "./bosh-watch.ts";
import type { ExchangeFact, FrameFact } from "./fact.ts";
import { comeBack } from "./moved.ts";
import { newSession, rememberGap, type SessionState } from "./session-state.ts";
import type { World } from "./world.ts";

/** Shorter silences are no gap worth remembering: a ping is due every 10 s. */
const rememberedGap = 15_000;

export const socketKey = (exchange: string): string => `ws ${exchange}`;

/** The row's session, once it is known to carry XMPP. */
export function followSocket(world: World, fact: ExchangeFact): SessionState | null {
  const key = socketKey(fact.id);
  let session = world.sessions.get(key);
  if (session === undefined) {
    if (!fact.notes.includes("session-created")) return null;
    session = newSession(fact, key, world.scale);
    session.open.add(fact.id);
    session.library = "strophe";
    world.addSession(session);
  }
  if (fact.agent !== null) session.agent = fact.agent;
  session.client = fact.client;
  for (const rule of fact.faults) session.faults.set(rule, world.now);
  if (fact.notes.includes("ended-by-client")) over(session, "left", world.now);
  else if (fact.notes.includes("ended-by-server")) over(session, "lost", world.now);
  if (fact.outcome.kind === "failed") {
    session.open.clear();
    over(session, fact.outcome.blame === "client" ? "gone" : "lost", fact.end ?? world.now);
  }
  return session;
}

export function followFrame(world: World, frame: FrameFact): SessionState | null {
  const session = world.sessions.get(socketKey(frame.exchange));
  if (session === undefined) return null;
  if (frame.from === "server") {
    session.lastFromServer = frame.at;
    session.unansweredSince = null;
    return session;
  }
  fromClient(world, session, frame);
  return session;
}

function fromClient(world: World, session: SessionState, frame: FrameFact): void {
  const silence = frame.at - session.lastRequestAt;
  if (session.open.size > 0) comeBack(session);
  const isPing = frame.event?.includes("ping") === true || frame.opcode === 9;
  if (isPing) session.pings += 1;
  session.gap = null;
  if (session.pings > 1 && silence > world.ms(rememberedGap)) {
    const { lastRequestAt: since, firstExchange } = session;
    session.gap = { since, after: firstExchange, endedAt: frame.at, before: firstExchange };
    rememberGap(session, session.gap);
  }
  session.lastRequestAt = frame.at;
  if (isPing) session.unansweredSince ??= frame.at;
}
