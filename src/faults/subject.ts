/** What passes, as rules see it: made once for each message of a gated connection. */
import type { FaultLeg, FaultSubjectKind } from "../domain/fault-rule.ts";

export interface FaultSubject {
  /** An answer also has the kinds of its request. */
  readonly kinds: ReadonlySet<FaultSubjectKind>;
  readonly leg: FaultLeg;
  /** A WebSocket message, or an open WebSocket as a whole. */
  readonly framed: boolean;
  readonly host: string;
  readonly port: number;
  /** "" where there is no request: CONNECT, TLS. */
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly agent: string | null;
  readonly sid: string | null;
  readonly rid: number | null;
  /** The agent's state as last told. */
  readonly state: string | null;
  /** The session's phase. */
  readonly phase: string | null;
  /** What is counted apart by nth and everyNth; "" = nothing to tell it by. */
  readonly counted: string;
  /** First byte of its request, monotonic ms; null = it has none, as a frame. */
  readonly askedAt: number | null;
  /** The message's body, or the frame, as it stands; null = none, binary, or not known yet. */
  readonly text: string | null;
}
