/** What a request does to its session: rid, window, retransmission, silence before it. */
import type { RequestSeen } from "./bosh-event.ts";
import { requestKindOf } from "./bosh-event.ts";
import type { Draft } from "./draft.ts";
import { apply, notice } from "./draft.ts";
import type { OpenRequest, PastRequest } from "./session.ts";
import { maxMissing, maxOpen, requestsOf } from "./session.ts";
import { gradeThinkGap } from "./thresholds.ts";

export function onRequest(draft: Draft, event: RequestSeen): void {
  const { session } = draft;
  const kind = requestKindOf(event.body);
  noticeFirst(draft, event);
  const earlier = earlierWith(draft, event.body.rid);
  // A resend comes after a backoff or a timeout, which say nothing about the client's loop.
  if (earlier === null) noticeThinkGap(draft, event.exchange);
  const inWindow = earlier !== null || judgeRid(draft, event, kind);
  if (earlier !== null) noticeRetransmission(draft, event, earlier);
  if (event.body.rid !== null) session.nextRid = Math.max(session.nextRid ?? 0, event.body.rid + 1);
  if (event.body.fingerprint !== "unknown") session.client = event.body.fingerprint;
  if (kind === "create" && session.jid === null) session.jid = event.body.from;
  if (kind === "restart") session.restarted = true;
  session.pauseMs = null;
  if (kind === "pause") pause(draft, event);
  apply(draft, "request");
  if (kind === "terminate") goodbye(draft, event.exchange);
  overtake(draft, event.exchange, earlier);
  open(draft, {
    exchange: event.exchange,
    connection: event.connection,
    rid: event.body.rid,
    kind,
    hash: event.hash,
    at: event.at,
    inWindow,
    newerAt: null,
    newerExchange: 0,
    attempt: earlier === null ? 0 : earlier.attempt + 1,
    firstAt: earlier === null ? event.at : earlier.firstAt,
    reported: "nothing",
    crowdReported: false,
  });
}

function noticeFirst(draft: Draft, event: RequestSeen): void {
  const { session } = draft;
  if (session.nextRid !== null || session.lastExchange !== 0) return;
  if (session.joined && session.sid !== null) {
    notice(draft, { kind: "session-joined", sid: session.sid }, event.exchange);
  }
  // What was answered before us is not known: the server's window can begin no earlier than here.
  session.highest = event.body.rid === null ? null : event.body.rid - 1;
}

function noticeThinkGap(draft: Draft, exchange: number): void {
  const { session, at } = draft;
  if (session.quietSince === null || session.lastEnd !== "answered") return;
  const ms = Math.max(0, at - session.quietSince);
  session.lastThinkGapMs = ms;
  notice(
    draft,
    { kind: "think-gap", ms, grade: gradeThinkGap(ms) },
    exchange,
    session.lastExchange,
  );
}

type Earlier = OpenRequest | PastRequest;

/** The latest request with this rid, open or over. */
function earlierWith({ session }: Draft, rid: number | null): Earlier | null {
  if (rid === null || session.nextRid === null || rid >= session.nextRid) return null;
  const open = session.open.findLast((request) => request.rid === rid);
  const past = session.past.findLast((request) => request.rid === rid);
  if (open === undefined || past === undefined) return open ?? past ?? null;
  return open.attempt > past.attempt ? open : past;
}

function noticeRetransmission(draft: Draft, event: RequestSeen, earlier: Earlier): void {
  if (event.body.rid === null) return;
  notice(
    draft,
    {
      kind: "retransmission",
      rid: event.body.rid,
      sameBody: earlier.hash === event.hash,
      attempt: earlier.attempt + 1,
      sinceFirstMs: Math.max(0, event.at - earlier.firstAt),
      previous: "end" in earlier ? earlier.end : "open",
    },
    event.exchange,
    earlier.exchange,
  );
}

/** False when the server will refuse the rid. */
function judgeRid(draft: Draft, event: RequestSeen, kind: OpenRequest["kind"]): boolean {
  const { session } = draft;
  const { rid } = event.body;
  if (rid === null) {
    notice(draft, { kind: "rid-missing", request: kind }, event.exchange);
    return false;
  }
  const { nextRid, highest } = session;
  if (nextRid === null || highest === null) return true;
  if (rid < nextRid && !session.missing.includes(rid)) {
    notice(draft, { kind: "rid-out-of-window", rid, highest, side: "below" }, event.exchange);
    return false;
  }
  if (rid < nextRid) {
    session.missing = session.missing.filter((missing) => missing !== rid);
    notice(draft, { kind: "rid-gap-filled", rid }, event.exchange, session.lastExchange);
  } else if (rid > nextRid) {
    skip(draft, event.exchange, nextRid, rid);
  }
  if (rid <= highest + requestsOf(session)) return true;
  notice(draft, { kind: "rid-out-of-window", rid, highest, side: "above" }, event.exchange);
  return false;
}

function skip(draft: Draft, exchange: number, expected: number, got: number): void {
  const { session } = draft;
  notice(draft, { kind: "rid-gap", expected, got }, exchange, session.lastExchange);
  const skipped = Array.from(
    { length: Math.min(got - expected, maxMissing) },
    (_, index) => expected + index,
  );
  session.missing = [...session.missing, ...skipped].slice(-maxMissing);
}

function pause(draft: Draft, event: RequestSeen): void {
  const seconds = event.body.pause ?? 0;
  const most = draft.session.granted.maxpause;
  const granted = seconds > 0 && (most === null || seconds <= most);
  if (granted) draft.session.pauseMs = seconds * 1000;
  notice(draft, { kind: "pause", seconds, granted }, event.exchange);
}

function goodbye(draft: Draft, exchange: number): void {
  if (draft.session.state !== "terminated") {
    notice(draft, { kind: "terminate", by: "client", condition: null }, exchange);
  }
  apply(draft, "goodbye");
}

/** The server lets go of what is open for the sake of this one, unless its cache answers this one. */
function overtake({ session, at }: Draft, exchange: number, earlier: Earlier | null): void {
  if (earlier !== null && "end" in earlier && earlier.end === "answered") return;
  session.open = session.open.map((older) =>
    older.newerAt === null ? { ...older, newerAt: at, newerExchange: exchange } : older,
  );
}

function open({ session, at }: Draft, request: OpenRequest): void {
  session.open = [...session.open, request].slice(-maxOpen);
  session.quietSince = null;
  session.lastRequestAt = at;
  session.lastExchange = request.exchange;
  session.lastConnection = request.connection;
}
