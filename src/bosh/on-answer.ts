/** What an answer, or its failing to come, does to its session: classed by structure, status and what else was open; never by length. */
import type { FailureCause } from "../domain/exchange.ts";
import type { BoshBody } from "./bosh-body.ts";
import type { AnswerSeen, FailureSeen } from "./bosh-event.ts";
import type { Draft } from "./draft.ts";
import { apply, notice } from "./draft.ts";
import { noticeAge } from "./on-tick.ts";
import type { OpenRequest } from "./session.ts";
import { maxPast, waitMsOf } from "./session.ts";
import type { StreamSign } from "./stream-signs.ts";
import { addresseeIn, streamSignsIn } from "./stream-signs.ts";
import { thresholds } from "./thresholds.ts";

export function onAnswer(draft: Draft, event: AnswerSeen): void {
  const request = close(draft, event.exchange, "answered");
  if (request === null) return;
  const { session } = draft;
  session.lastAnswerAt = event.at;
  // Timers may be coarse: an answer that came too late is told even when no tick came between.
  noticeAge(draft, request);
  const { body } = event;
  if (event.status !== 200) {
    failedStatus(draft, request, event.status);
    return;
  }
  // Answers go out in the order of rids: with the newest one nothing is held any more.
  if (request.rid !== null && request.rid + 1 === session.nextRid) session.heldUntil = null;
  // Also when the body was not kept or cut: the server's window has moved on.
  if (request.rid !== null) session.highest = Math.max(session.highest ?? 0, request.rid);
  if (body === null) {
    apply(draft, "answer");
  } else if (body.kind === "unparseable") {
    const { reason } = body;
    notice(draft, { kind: "unreadable-answer", status: event.status, reason }, request.exchange);
  } else {
    if (body.ack !== null) session.ack = body.ack;
    answered(draft, request, body, event.holdMs ?? Math.max(0, event.at - request.at));
  }
}

/** The request may have reached the server, which then holds it to the end of its wait: Openfire does not see that the client has gone. */
const mayBeHeld: ReadonlySet<FailureCause> = new Set([
  "reset",
  "closed-early",
  "timeout",
  "capture-ended",
  "fault-rule",
]);

export function onFailure(draft: Draft, event: FailureSeen): void {
  const request = close(draft, event.exchange, "failed");
  if (request === null) return;
  noticeAge(draft, request);
  const { session } = draft;
  const { cause, blame } = event;
  if (mayBeHeld.has(cause)) {
    session.heldUntil = Math.max(session.heldUntil ?? 0, request.at + waitMsOf(session));
  }
  const ageMs = Math.max(0, event.at - request.at);
  const timeout = waitMsOf(session) + thresholds.overdueBeyondWait;
  const byClientTimeout = blame === "client" && Math.abs(ageMs - timeout) <= 500;
  notice(draft, { kind: "request-failed", cause, blame, ageMs, byClientTimeout }, request.exchange);
}

/** Takes the request out of the open ones; null when it is not among them. */
function close(draft: Draft, exchange: number, end: "answered" | "failed"): OpenRequest | null {
  const { session, at } = draft;
  const request = session.open.find((candidate) => candidate.exchange === exchange);
  if (request === undefined) return null;
  session.open = session.open.filter((other) => other !== request);
  session.lastEnd = end;
  session.lastExchange = exchange;
  if (session.open.length === 0) session.quietSince = at;
  if (request.rid !== null) {
    const { rid, hash, attempt, firstAt } = request;
    session.past = [...session.past, { rid, hash, exchange, attempt, firstAt, end }].slice(
      -maxPast,
    );
  }
  return request;
}

/** XEP-0124 17.2: clients older than 1.6 are told of these by status, and the session ends with them. */
const oldConditions = new Map([
  [400, "bad-request"],
  [403, "policy-violation"],
]);

function failedStatus(draft: Draft, request: OpenRequest, status: number): void {
  const { session } = draft;
  // What follows an error is a retry in its own time.
  session.lastEnd = "failed";
  if (status === 404 && request.kind !== "create") {
    const { lastThinkGapMs, earlyEmpty } = session;
    const evidence = earlyEmpty === null ? [] : [earlyEmpty];
    const fact = { kind: "invalid-sid", lastThinkGapMs, earlyEmpty } as const;
    notice(draft, fact, request.exchange, ...evidence);
    apply(draft, "unknown-sid");
    return;
  }
  notice(draft, { kind: "http-error", status }, request.exchange);
  const condition = oldConditions.get(status);
  if (condition === undefined || !isOld(session.granted.ver)) return;
  notice(draft, { kind: "terminate", by: "server", condition }, request.exchange);
  apply(draft, "ended");
}

function isOld(ver: string | null): boolean {
  const [major, minor] = (ver ?? "1.6").split(".").map(Number);
  return major === 1 && minor !== undefined && minor < 6;
}

function answered(draft: Draft, request: OpenRequest, body: BoshBody, holdMs: number): void {
  if (body.type === "terminate" || body.type === "error") {
    terminated(draft, request, body);
    return;
  }
  if (request.kind === "create" && draft.session.state === "creating") {
    created(draft, request, body);
  }
  const before = draft.session.state;
  apply(draft, "answer");
  if (before !== draft.session.state) {
    notice(draft, { kind: "session-revived", from: before }, request.exchange);
  }
  for (const sign of streamSignsIn(body)) follow(draft, request, sign);
  if (draft.session.jid === null) draft.session.jid = addresseeIn(body);
  if (body.empty) emptyAnswer(draft, request, holdMs);
  else draft.session.earlyEmpty = null;
}

function terminated(draft: Draft, request: OpenRequest, body: BoshBody): void {
  const { condition } = body;
  for (const sign of streamSignsIn(body)) follow(draft, request, sign);
  const known = draft.session.state === "terminated";
  apply(draft, draft.session.state === "creating" ? "refused" : "ended");
  // The answer to the client's own goodbye says terminate too.
  if (known && condition === null) return;
  notice(draft, { kind: "terminate", by: "server", condition }, request.exchange);
}

function created(draft: Draft, request: OpenRequest, body: BoshBody): void {
  const { session } = draft;
  if (body.sid === null) return;
  const { wait, hold, requests, inactivity, polling, maxpause, ver } = body;
  session.sid = body.sid;
  session.granted = { wait, hold, requests, inactivity, polling, maxpause, ver };
  apply(draft, "created");
  notice(
    draft,
    { kind: "session-created", sid: body.sid, wait, client: session.client },
    request.exchange,
  );
}

function follow(draft: Draft, request: OpenRequest, sign: StreamSign): void {
  const { session } = draft;
  switch (sign.kind) {
    case "authenticated":
      if (session.authenticated === "yes") return;
      session.authenticated = "yes";
      notice(draft, { kind: "session-authenticated" }, request.exchange);
      return;
    case "authentication-failed":
      session.authenticated = "failed";
      notice(draft, sign, request.exchange);
      return;
    case "bound":
      if (session.bound) return;
      session.bound = true;
      session.authenticated = "yes";
      session.jid = sign.jid;
      notice(draft, { kind: "session-bound", jid: sign.jid }, request.exchange);
      return;
    case "stream-error":
      notice(draft, sign, request.exchange);
      apply(draft, "ended");
  }
}

/** The three kinds of empty answers: timeout, release by a newer request, or an early one nobody asked for. */
function emptyAnswer(draft: Draft, request: OpenRequest, holdMs: number): void {
  const { session, at } = draft;
  if (request.kind !== "poll" && request.kind !== "stanzas") return;
  const waitMs = waitMsOf(session);
  if (holdMs >= waitMs - thresholds.earlyBeforeWait) {
    session.earlyEmpty = null;
    if (request.reported === "nothing" && holdMs < waitMs + thresholds.lateBeyondWait) {
      notice(draft, { kind: "normal-timeout", holdMs }, request.exchange);
    }
  } else if (request.newerAt !== null) {
    session.earlyEmpty = null;
    const releaseMs = Math.max(0, at - request.newerAt);
    const prompt = releaseMs <= thresholds.promptRelease;
    const fact = { kind: "hold-release", releaseMs, prompt } as const;
    notice(draft, fact, request.exchange, request.newerExchange);
  } else if (request.attempt === 0) {
    // A retransmission of a held rid is answered empty at once (XEP-0124 14.3): that is no early end.
    session.earlyEmpty = request.exchange;
    notice(draft, { kind: "early-empty", holdMs, waitMs }, request.exchange);
  }
}
