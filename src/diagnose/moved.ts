/** Whether an agent that begins a session leaves the one it had: a page that reconnects does so without a word, a gadget's page opens one more. */
import type { SessionState } from "./session-state.ts";
import type { World } from "./world.ts";

/** Called when the session turns out to be its agent's, and when its resource becomes known. */
export function leaveOthers(session: SessionState, world: World): void {
  for (const other of world.sessions.values()) {
    if (other.agent !== session.agent || other.startedAt >= session.startedAt) continue;
    if (other.over !== null || !isLeft(other, session, world)) continue;
    other.over = "moved";
    other.overAt = session.startedAt;
  }
}

/** A request that is out, or a socket that is open, still has somebody who waits for it; unless the server knows both by one name. */
function isLeft(before: SessionState, session: SessionState, world: World): boolean {
  if (before.resource !== null && before.resource === session.resource) return true;
  if (world.connections.get(before.connection)?.ended === true) return true;
  return before.open.size === 0 || before.gap?.endedAt === null;
}

/** Its client speaks: it is back, whatever was thought of it. */
export function comeBack(session: SessionState): void {
  if (session.over === "gone" || session.over === "moved") session.over = null;
}
