/**
 * A BOSH session as the wire shows it: what was granted, which requests are open, which rid comes next. A value: `advance` makes the next one.
 * It knows only what it saw; a session joined in its middle says so.
 */
import type { MonotonicMs } from "../domain/instant.ts";
import type { ClientFingerprint } from "./bosh-body.ts";
import type { RequestKind } from "./bosh-event.ts";
import { assumedHold, assumedRequests, thresholds } from "./thresholds.ts";

export type SessionState =
  | "creating"
  | "open"
  /** No request for longer than the inactivity limit, and none open. */
  | "silent"
  | "terminated"
  /** The server does not know it any more: by its 404, or by arithmetic. */
  | "expired"
  /** The same client made another without ending this one. */
  | "replaced";

/** The server's word, not the client's wish. null = not said, or not seen. */
export interface Granted {
  /** Seconds, as all times here. */
  readonly wait: number | null;
  readonly hold: number | null;
  readonly requests: number | null;
  readonly inactivity: number | null;
  readonly polling: number | null;
  readonly maxpause: number | null;
  readonly ver: string | null;
}

export interface OpenRequest {
  readonly exchange: number;
  readonly connection: number;
  readonly rid: number | null;
  readonly kind: RequestKind;
  readonly hash: string;
  readonly at: MonotonicMs;
  /** The server accepts this rid. */
  readonly inWindow: boolean;
  /** When and by which exchange a newer request arrived while this one was open. */
  readonly newerAt: MonotonicMs | null;
  readonly newerExchange: number;
  /** 0 for the first request with this rid. */
  readonly attempt: number;
  readonly firstAt: MonotonicMs;
  readonly reported: "nothing" | "late" | "overdue";
  readonly crowdReported: boolean;
}

/** A request that is over, kept to recognise its retransmission. */
export interface PastRequest {
  readonly rid: number;
  readonly hash: string;
  readonly exchange: number;
  readonly attempt: number;
  readonly firstAt: MonotonicMs;
  readonly end: "answered" | "failed";
}

export interface BoshSession {
  readonly host: string;
  readonly port: number;
  /** null until the creation is answered. */
  readonly sid: string | null;
  readonly state: SessionState;
  /** Its creation was not seen: what was granted and what was authenticated is assumed. */
  readonly joined: boolean;
  /** Full JID once bound; before, what the creation said it is from. */
  readonly jid: string | null;
  readonly client: ClientFingerprint;
  readonly granted: Granted;
  readonly authenticated: "no" | "yes" | "failed";
  readonly restarted: boolean;
  readonly bound: boolean;
  readonly createdAt: MonotonicMs;
  readonly nextRid: number | null;
  /** Highest rid answered; the server's window begins behind it. */
  readonly highest: number | null;
  /** Skipped rids that may still come. */
  readonly missing: readonly number[];
  /** In order of arrival; bounded by `maxOpen`. */
  readonly open: readonly OpenRequest[];
  /** In order of their end; bounded by `maxPast`. */
  readonly past: readonly PastRequest[];
  readonly ack: number | null;
  readonly lastRequestAt: MonotonicMs;
  readonly lastAnswerAt: MonotonicMs | null;
  readonly lastExchange: number;
  readonly lastConnection: number;
  /** Since when no request is open; null while one is. */
  readonly quietSince: MonotonicMs | null;
  /** A request that failed may be held by the server until then, which keeps the session alive; null = no such request. */
  readonly heldUntil: MonotonicMs | null;
  /** How the last request ended (an error status is a failure): only after an answer is silence the client's own. */
  readonly lastEnd: "answered" | "failed" | null;
  /** Silence the client announced, until its next request. */
  readonly pauseMs: number | null;
  readonly lastThinkGapMs: number | null;
  /** The last answer that was empty before its time, until another comes. */
  readonly earlyEmpty: number | null;
}

/** More requests at once are counted as open no longer; a well-behaved session has two. */
export const maxOpen = 16;
/** Openfire keeps two or three answers; requests older than these can't be told from strays. */
export const maxPast = 8;
export const maxMissing = 4;

const nothingGranted: Granted = {
  wait: null,
  hold: null,
  requests: null,
  inactivity: null,
  polling: null,
  maxpause: null,
  ver: null,
};

/** A session about which nothing is known but where it is. `sid` null: it is being created. */
export function newSession(
  endpoint: { readonly host: string; readonly port: number },
  sid: string | null,
  at: MonotonicMs,
): BoshSession {
  return {
    host: endpoint.host,
    port: endpoint.port,
    sid,
    state: sid === null ? "creating" : "open",
    joined: sid !== null,
    jid: null,
    client: "unknown",
    granted: nothingGranted,
    authenticated: "no",
    restarted: false,
    bound: false,
    createdAt: at,
    nextRid: null,
    highest: null,
    missing: [],
    open: [],
    past: [],
    ack: null,
    lastRequestAt: at,
    lastAnswerAt: null,
    lastExchange: 0,
    lastConnection: 0,
    quietSince: at,
    heldUntil: null,
    lastEnd: null,
    pauseMs: null,
    lastThinkGapMs: null,
    earlyEmpty: null,
  };
}

/** The granted wait, or 30 s while it is not known (`granted.wait` null tells). */
export function waitMsOf(session: BoshSession): number {
  const { wait } = session.granted;
  return wait === null ? thresholds.assumedWait : wait * 1000;
}

/** Silence after which the server may close the session. */
export function inactivityMsOf(session: BoshSession): number {
  const { inactivity } = session.granted;
  const limit = inactivity === null ? thresholds.assumedInactivity : inactivity * 1000;
  return Math.max(limit, session.pauseMs ?? 0);
}

/** Requests the server answers at once; the rid window is as wide. */
export const requestsOf = (session: BoshSession): number =>
  Math.max(1, session.granted.requests ?? assumedRequests);

/** Requests the server may hold. */
export const holdOf = (session: BoshSession): number =>
  Math.max(1, session.granted.hold ?? assumedHold);

/** Key of a session among all: a sid is unique only at its server. */
export const sessionKey = (host: string, port: number, sid: string): string =>
  `${host}:${port} ${sid}`;
