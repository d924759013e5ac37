/** Follows BOSH sessions poll by poll, for what no single exchange shows: whose turn it was, and how long nobody took it. */
import type { ExchangeNote } from "../domain/exchange.ts";
import type { ExchangeFact } from "./fact.ts";
import { comeBack } from "./moved.ts";
import { type Gap, newSession, rememberGap, type SessionState } from "./session-state.ts";
import { limits } from "./thresholds.ts";
import type { World } from "./world.ts";

export const boshKey = (host: string, port: number, sid: string): string =>
  `${host}:${port} ${sid}`;

/** The exchange's session, made when it is new; null while the server has not named it. */
export function followPoll(world: World, fact: ExchangeFact): SessionState | null {
  if (fact.sid === null) return null;
  const session = sessionOf(world, fact, fact.sid);
  const { open } = session;
  if (fact.agent !== null) session.agent = fact.agent;
  session.client = fact.client;
  if (fact.waitMs !== null) {
    session.waitMs = fact.waitMs;
    session.waitBy = "grant";
  }
  learnLibrary(session, fact);
  for (const rule of fact.faults) session.faults.set(rule, fact.at);
  if (fact.outcome.kind === "pending") {
    if (!open.has(fact.id)) requested(session, fact);
    return session;
  }
  if (!open.delete(fact.id) && fact.at > session.lastRequestAt) {
    requested(session, fact);
    open.delete(fact.id);
  }
  learnWait(world, session, fact);
  ended(session, fact);
  return session;
}

/** The fact with the wait it may count on: of a session that began unseen, the longest until its answers have shown it. */
export function withWait(
  world: World,
  fact: ExchangeFact,
  session: SessionState | null,
): ExchangeFact {
  if (session === null || fact.role !== "poll" || fact.waitMs !== null) return fact;
  const waitMs = session.waitBy === null ? world.ms(limits.longestWait) : session.waitMs;
  return { ...fact, waitMs };
}

/** An empty answer that no newer request released came when the wait was over. The longest counts: one may have been sooner for another reason. */
function learnWait(world: World, session: SessionState, { notes, holdMs, waitMs }: ExchangeFact) {
  if (waitMs !== null || session.waitBy === "grant" || holdMs === null) return;
  const isWhole =
    notes.includes("empty") &&
    !notes.includes("early-empty") &&
    !notes.includes("hold-release") &&
    session.open.size === 0;
  if (!isWhole || holdMs < world.ms(limits.assumedWait - limits.earlyBeforeWait)) return;
  const shown = Math.min(holdMs, world.ms(limits.longestWait));
  session.waitMs = Math.max(shown, session.waitMs);
  session.waitBy = "answers";
}

function sessionOf(world: World, fact: ExchangeFact, sid: string): SessionState {
  const key = boshKey(fact.host, fact.port, sid);
  const known = world.sessions.get(key);
  if (known !== undefined) return known;
  const made = newSession(fact, key, world.scale);
  world.addSession(made);
  return made;
}

function learnLibrary(session: SessionState, { notes }: ExchangeFact): void {
  if (notes.includes("client-jabberwerx")) session.library = "jabberwerx";
  if (notes.includes("client-strophe")) session.library = "strophe";
}

function requested(session: SessionState, fact: ExchangeFact): void {
  session.open.add(fact.id);
  session.connection = fact.connection;
  session.lastRequestAt = Math.max(session.lastRequestAt, fact.at);
  session.lastExchange = fact.id;
  const { lastAnswer } = session;
  comeBack(session);
  if (lastAnswer === null || !lastAnswer.clean || session.open.size > 1) {
    session.gap = null;
    return;
  }
  const ms = fact.at - lastAnswer.at;
  session.gap = null;
  if (ms < 700) return;
  const gap: Gap = {
    since: lastAnswer.at,
    after: lastAnswer.exchange,
    endedAt: fact.at,
    before: fact.id,
  };
  session.gap = gap;
  rememberGap(session, gap);
}

const leaving: readonly ExchangeNote[] = ["ended-by-client", "auth-failed"];
const losing: readonly ExchangeNote[] = ["ended-by-server", "invalid-sid"];

function ended(session: SessionState, fact: ExchangeFact): void {
  const { outcome, notes } = fact;
  const at = fact.end ?? fact.at;
  session.lastExchange = fact.id;
  const has = (note: ExchangeNote): boolean => notes.includes(note);
  // Who was refused has to sign in anew: there is nothing to poll for.
  if (leaving.some(has)) over(session, "left", at);
  else if (losing.some(has)) over(session, "lost", at);
  const clean = outcome.kind === "responded" && outcome.status === 200 && !has("early-empty");
  if (clean) served(session, fact.at);
  const isLast = session.lastAnswer === null || at >= session.lastAnswer.at;
  if (!isLast) return;
  // Where its agent has another session too, whoever asked here is answered all the same.
  const isLive = session.over === null || session.over === "moved";
  session.lastAnswer = { exchange: fact.id, at, clean: clean && isLive };
  if (clean && session.over === "lost" && !has("ended-by-server")) session.over = null;
}

function served(session: SessionState, askedAt: number): void {
  if (session.over !== "lost") session.servedFrom = Math.max(session.servedFrom ?? 0, askedAt);
}

export function over(
  session: SessionState,
  how: NonNullable<SessionState["over"]>,
  at: number,
): void {
  if (session.over === "left" || session.over === "lost") return;
  session.over = how;
  session.overAt = at;
}
