/** A recorded session, BOSH or WebSocket, as its server's side: what the client did, and what the server did when. Types only; times are wall ms of the recording. */
import type { TakenAnswer } from "./taken-exchange.ts";

export interface RecordedSession {
  readonly transport: "bosh" | "websocket";
  /** A WebSocket has the id of its exchange. */
  readonly sid: string;
  readonly host: string;
  readonly port: number;
  readonly agent: string | null;
  readonly startedAt: number;
  /** How long the server held a poll when it had nothing to say. */
  readonly waitMs: number;
  /** What the client did beyond polling, in order. */
  readonly deeds: readonly Deed[];
  readonly items: readonly Item[];
  /** An answer without stanzas, as this server writes it. */
  readonly empty: TakenAnswer;
}

export interface Deed {
  /** `create`, `restart`, `terminate`, or a stanza's (`deedOf`). */
  readonly kind: string;
  readonly at: number;
  /** The stanza's id, by which its answer knows it. */
  readonly id: string | null;
  /** A step of signing in: what comes later in the recording is timed from the latest of these. */
  readonly isStep: boolean;
}

interface Timed {
  readonly at: number;
  /** Index of the deed it answers; null = it comes by the clock. */
  readonly deed: number | null;
  /** Index of the last step before it. */
  readonly step: number;
  /** Exchange that shows it. */
  readonly exchange: string;
}

export type Item =
  | (Timed & {
      readonly kind: "stanza";
      readonly text: string;
      readonly answer: TakenAnswer;
      readonly head: string;
      /** `requestId` of the REST request whose outcome it tells. */
      readonly change: string | null;
    })
  /** Empty, though nobody had asked for it and the wait was not over. */
  | (Timed & { readonly kind: "empty" })
  /** From `at` on the server says nothing. `isLost`: what is asked before `until` is never answered; else it is answered then. */
  | (Timed & { readonly kind: "silence"; readonly until: number; readonly isLost: boolean })
  | (Timed & {
      readonly kind: "cut";
      readonly how: "reset" | "fin";
      readonly begun: TakenAnswer | null;
    })
  /** Goes out as a whole: creation, terminate, a status that is not 200, what is no XML. */
  | (Timed & { readonly kind: "whole"; readonly answer: TakenAnswer; readonly ends: boolean })
  /** A WebSocket's end in words. */
  | (Timed & { readonly kind: "close"; readonly code: number });
