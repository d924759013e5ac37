/** What a playback does at its requests, and what it has to say about it. Types only. */
import type { TakenAnswer } from "./taken-exchange.ts";

export type Act =
  | { readonly kind: "answer"; readonly request: number; readonly answer: TakenAnswer }
  /** The connection breaks; what had been sent of an answer by then is sent before. */
  | {
      readonly kind: "cut";
      readonly request: number;
      readonly how: "reset" | "fin";
      readonly begun: TakenAnswer | null;
    }
  /** To a WebSocket: a text message, its end in words. */
  | { readonly kind: "message"; readonly request: number; readonly text: string }
  | { readonly kind: "close"; readonly request: number; readonly code: number };

export type PlaybackNote =
  | {
      readonly kind: "session-started";
      /** As the client knows it, and as recorded. */
      readonly sid: string;
      readonly recorded: string;
      readonly agent: string | null;
    }
  /** All that was recorded of it has been played: what follows are empty answers. */
  | { readonly kind: "session-played"; readonly sid: string; readonly recorded: string }
  /** As recorded, or by the client. */
  | { readonly kind: "session-ended"; readonly sid: string; readonly recorded: string }
  /** There was nothing in the recording to answer this with. */
  | { readonly kind: "unanswered"; readonly what: string; readonly why: string };

export type Tell = (note: PlaybackNote) => void;
