/** One recorded exchange as a playback takes it. All times are wall ms of the recording. Types only. */
import type { Header } from "../domain/exchange.ts";

export interface TakenExchange {
  readonly id: string;
  /** First byte of the request. */
  readonly at: number;
  /** The server had the whole request. */
  readonly sentAt: number;
  readonly method: string;
  readonly host: string;
  readonly port: number;
  /** By TLS. */
  readonly secure: boolean;
  /** With its query. */
  readonly path: string;
  readonly headers: readonly Header[];
  readonly body: string;
  readonly end: TakenEnd;
}

export type TakenEnd =
  | { readonly kind: "answered"; readonly at: number; readonly answer: TakenAnswer }
  /** The connection broke; `begun`: what of an answer had come by then. */
  | {
      readonly kind: "cut";
      readonly at: number;
      readonly how: "reset" | "fin";
      readonly begun: TakenAnswer | null;
    }
  /** No answer until the client gave up. */
  | { readonly kind: "silent"; readonly until: number }
  /** What became of it, or the whole of its answer, is not in the recording. */
  | { readonly kind: "unknown"; readonly why: string };

export interface TakenAnswer {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly Header[];
  /** Content coding undone. */
  readonly body: Uint8Array;
}

/** A recorded WebSocket: its text messages, one stanza each (RFC 7395). */
export interface TakenSocket {
  readonly id: string;
  /** First byte of its request. */
  readonly at: number;
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly path: string;
  readonly messages: readonly {
    readonly at: number;
    readonly from: "client" | "server";
    readonly text: string;
  }[];
  /** Of the server's doing; null = it was open at the end, or the client ended it. */
  readonly end:
    | { readonly kind: "cut"; readonly at: number; readonly how: "reset" | "fin" }
    | { readonly kind: "close"; readonly at: number; readonly code: number }
    | null;
}
