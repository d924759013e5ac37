/** What the session machine noticed. Some are faults, some are what a healthy session does; a verdict is for others to give. */
import type { Blame, FailureCause } from "../domain/exchange.ts";
import type { MonotonicMs } from "../domain/instant.ts";
import type { ClientFingerprint } from "./bosh-body.ts";
import type { RequestKind } from "./bosh-event.ts";
import type { SessionState } from "./session.ts";
import type { ThinkGapGrade } from "./thresholds.ts";

interface Noticed {
  readonly at: MonotonicMs;
  /** Numbers of the exchanges that show it, the telling one first. Never empty. */
  readonly exchanges: readonly number[];
}

/** Closed union: each kind has its words in the page's dictionary. */
export type BoshObservation = Noticed & BoshFact;

export type BoshFact =
  /** `wait` in seconds as granted; null = the server did not say. */
  | {
      readonly kind: "session-created";
      readonly sid: string;
      readonly wait: number | null;
      readonly client: ClientFingerprint;
    }
  /** Its creation was not seen: wait, hold and inactivity are assumed. */
  | { readonly kind: "session-joined"; readonly sid: string }
  | { readonly kind: "session-authenticated" }
  | { readonly kind: "session-bound"; readonly jid: string }
  | { readonly kind: "authentication-failed"; readonly condition: string }
  /** No request for the session's inactivity: the server may close it. */
  | { readonly kind: "session-silent"; readonly quietMs: number }
  /** Silent so long that the server has certainly closed it, though nothing on the wire says so. */
  | { readonly kind: "session-expired"; readonly quietMs: number }
  /** Taken for lost, yet the server still knew it. */
  | { readonly kind: "session-revived"; readonly from: SessionState }
  | { readonly kind: "creation-abandoned" }
  /** End of the last answer to this request, with nothing else open: the client's own time. */
  | { readonly kind: "think-gap"; readonly ms: number; readonly grade: ThinkGapGrade }
  | { readonly kind: "normal-timeout"; readonly holdMs: number }
  /** An empty answer that a newer request had asked for; `prompt`: within 100 ms. */
  | { readonly kind: "hold-release"; readonly releaseMs: number; readonly prompt: boolean }
  /** An empty answer before its time, and nobody asked: the server closed the session or is stopping. */
  | { readonly kind: "early-empty"; readonly holdMs: number; readonly waitMs: number }
  /** `attempt` 1 is the first resend; `sinceFirstMs` counts from the first request with this rid. */
  | {
      readonly kind: "retransmission";
      readonly rid: number;
      readonly sameBody: boolean;
      readonly attempt: number;
      readonly sinceFirstMs: number;
      readonly previous: "open" | "answered" | "failed";
    }
  | { readonly kind: "rid-missing"; readonly request: RequestKind }
  /** Requests between were lost on the way to us, or took another way. */
  | { readonly kind: "rid-gap"; readonly expected: number; readonly got: number }
  /** A skipped rid came after all: two connections, out of order. */
  | { readonly kind: "rid-gap-filled"; readonly rid: number }
  /** The server ends the session for it. `highest`: highest rid answered so far. */
  | {
      readonly kind: "rid-out-of-window";
      readonly rid: number;
      readonly highest: number;
      readonly side: "above" | "below";
    }
  | {
      readonly kind: "reconnect-without-terminate";
      readonly previousSid: string | null;
      readonly previousState: SessionState;
      readonly previousEndpoint: string;
      /** The new session is on another node: a failover. */
      readonly otherNode: boolean;
    }
  | { readonly kind: "late-poll"; readonly ageMs: number; readonly waitMs: number }
  | { readonly kind: "overdue-poll"; readonly ageMs: number; readonly waitMs: number }
  | { readonly kind: "two-open-too-long"; readonly open: number; readonly sameRid: boolean }
  | {
      readonly kind: "terminate";
      readonly by: "client" | "server";
      readonly condition: string | null;
    }
  /** The server closed the stream and with it the session, such as "conflict". */
  | { readonly kind: "stream-error"; readonly condition: string }
  /** HTTP 404: the server does not know the sid. Why is in what went before. */
  | {
      readonly kind: "invalid-sid";
      readonly lastThinkGapMs: number | null;
      /** Exchange of an early empty answer shortly before, else null. */
      readonly earlyEmpty: number | null;
    }
  | { readonly kind: "http-error"; readonly status: number }
  | { readonly kind: "unreadable-answer"; readonly status: number; readonly reason: string }
  | {
      readonly kind: "request-failed";
      readonly cause: FailureCause;
      readonly blame: Blame;
      readonly ageMs: number;
      /** The client gave up within half a second of the moment its library does. */
      readonly byClientTimeout: boolean;
    }
  | { readonly kind: "pause"; readonly seconds: number; readonly granted: boolean };
