/** What can happen to a BOSH session, as the capture tells it. Times are monotonic ms. */
import type { Blame, FailureCause } from "../domain/exchange.ts";
import type { MonotonicMs } from "../domain/instant.ts";
import type { BoshBody } from "./bosh-body.ts";

/** What a request asks for; "poll" carries nothing, "stanzas" carries some. */
export type RequestKind = "create" | "restart" | "poll" | "stanzas" | "pause" | "terminate";

/** A whole request was seen. */
export interface RequestSeen {
  readonly kind: "request";
  readonly at: MonotonicMs;
  readonly exchange: number;
  /** The client's connection: a retransmission usually comes on another. */
  readonly connection: number;
  readonly body: BoshBody;
  /** Any hash of the body's bytes: tells a retransmission from another request with the same rid. */
  readonly hash: string;
}

/** A whole answer reached the client at `at`. */
export interface AnswerSeen {
  readonly kind: "answer";
  readonly at: MonotonicMs;
  readonly exchange: number;
  /** First byte from the server after the last byte to it; null when not measured, then request to answer counts. */
  readonly holdMs: number | null;
  readonly status: number;
  /** What the body said; null when it was not kept. */
  readonly body: BoshBody | { readonly kind: "unparseable"; readonly reason: string } | null;
}

export interface FailureSeen {
  readonly kind: "failure";
  readonly at: MonotonicMs;
  readonly exchange: number;
  readonly cause: FailureCause;
  readonly blame: Blame;
}

export type BoshEvent =
  | RequestSeen
  | AnswerSeen
  | FailureSeen
  /** The same client made a new session by `exchange`. */
  | { readonly kind: "replaced"; readonly at: MonotonicMs; readonly exchange: number }
  | { readonly kind: "tick"; readonly at: MonotonicMs };

/** By structure alone. A terminate may carry a last presence, and stays one. */
export function requestKindOf(body: BoshBody): RequestKind {
  if (body.sid === null) return "create";
  if (body.type === "terminate") return "terminate";
  if (body.restart) return "restart";
  if (body.pause !== null) return "pause";
  return body.empty ? "poll" : "stanzas";
}
