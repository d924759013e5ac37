/** What time alone does to a session, and when it will next do something. */
import type { MonotonicMs } from "../domain/instant.ts";
import type { Draft } from "./draft.ts";
import { apply, notice } from "./draft.ts";
import type { BoshSession, OpenRequest } from "./session.ts";
import { holdOf, inactivityMsOf, waitMsOf } from "./session.ts";
import { thresholds } from "./thresholds.ts";

export function onTick(draft: Draft): void {
  const { session } = draft;
  if (session.open.length > 0) {
    ageOpen(draft);
    noticeCrowd(draft);
  }
  noticeSilence(draft);
}

function ageOpen(draft: Draft): void {
  const { session } = draft;
  for (const [index, request] of session.open.entries()) {
    const reported = noticeAge(draft, request);
    if (reported !== request.reported)
      session.open = session.open.with(index, { ...request, reported });
  }
}

/** Tells once that a request is late, and once that it is lost; returns what has been told by then. */
export function noticeAge(draft: Draft, request: OpenRequest): OpenRequest["reported"] {
  const waitMs = waitMsOf(draft.session);
  const ageMs = draft.at - request.at;
  // Sums are compared, as in nextDeadline: a difference may round to just below its limit, and the deadline would stay due for ever.
  const isOlder = (beyond: number) => draft.at >= request.at + waitMs + beyond;
  if (request.reported !== "overdue" && isOlder(thresholds.overdueBeyondWait)) {
    notice(draft, { kind: "overdue-poll", ageMs, waitMs }, request.exchange);
    return "overdue";
  }
  if (request.reported === "nothing" && isOlder(thresholds.lateBeyondWait)) {
    notice(draft, { kind: "late-poll", ageMs, waitMs }, request.exchange);
    return "late";
  }
  return request.reported;
}

function noticeCrowd(draft: Draft): void {
  const { session, at } = draft;
  const hold = holdOf(session);
  for (const [index, request] of session.open.entries()) {
    if (index < hold || request.crowdReported || at < request.at + thresholds.crowded) continue;
    session.open = session.open.with(index, { ...request, crowdReported: true });
    const others = session.open.slice(0, index);
    const sameRid = others.some(({ rid }) => rid !== null && rid === request.rid);
    notice(
      draft,
      { kind: "two-open-too-long", open: session.open.length, sameRid },
      request.exchange,
      ...others.map(({ exchange }) => exchange),
    );
  }
}

function noticeSilence(draft: Draft): void {
  const { session, at } = draft;
  if (session.quietSince === null) return;
  const quietMs = at - session.quietSince;
  const limit = session.quietSince + inactivityMsOf(session);
  if (session.state === "creating" && at >= limit) {
    notice(draft, { kind: "creation-abandoned" }, session.lastExchange);
    apply(draft, "quiet");
  }
  if (session.state === "open" && at >= limit) {
    notice(draft, { kind: "session-silent", quietMs }, session.lastExchange);
    apply(draft, "quiet");
  }
  if (session.state === "silent" && at >= goneAt(session, session.quietSince)) {
    notice(draft, { kind: "session-expired", quietMs }, session.lastExchange);
    apply(draft, "gone");
  }
}

/** When the server has closed it for certain: idle time counts from the end of what it still held, though the client had given that up. */
function goneAt(session: BoshSession, quietSince: number): number {
  const idleSince = Math.max(quietSince, session.heldUntil ?? 0);
  return idleSince + inactivityMsOf(session) + thresholds.reaperPeriod;
}

/** When the session next changes by itself: call `advance` with a tick then. null = not without another event. */
export function nextDeadline(session: BoshSession): MonotonicMs | null {
  const deadline = Math.min(openDeadline(session), quietDeadline(session));
  return deadline === Number.POSITIVE_INFINITY ? null : deadline;
}

function openDeadline(session: BoshSession): number {
  const waitMs = waitMsOf(session);
  const hold = holdOf(session);
  let deadline = Number.POSITIVE_INFINITY;
  for (const [index, request] of session.open.entries()) {
    if (index >= hold && !request.crowdReported) {
      deadline = Math.min(deadline, request.at + thresholds.crowded);
    }
    if (request.reported === "overdue") continue;
    const beyond =
      request.reported === "nothing" ? thresholds.lateBeyondWait : thresholds.overdueBeyondWait;
    deadline = Math.min(deadline, request.at + waitMs + beyond);
  }
  return deadline;
}

function quietDeadline(session: BoshSession): number {
  if (session.quietSince === null) return Number.POSITIVE_INFINITY;
  if (session.state === "silent") return goneAt(session, session.quietSince);
  const isQuiet = session.state === "open" || session.state === "creating";
  return isQuiet ? session.quietSince + inactivityMsOf(session) : Number.POSITIVE_INFINITY;
}
