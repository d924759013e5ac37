/** What is to be done to a message on its way: plain values that the relay executes in order. Times are real ms, jitter and demo speed applied. */
import type { FaultAction, FaultEnding } from "../domain/fault-rule.ts";

/** A change of the message itself; `changeMessage` carries it out. */
export type MessageChange =
  | ({ readonly kind: "alter" } & Pick<
      Extract<FaultAction, { kind: "alter" }>,
      "setHeaders" | "removeHeaders" | "replace" | "setPaths"
    >)
  /** Each stanza of the answer twice. */
  | { readonly kind: "repeat-stanzas" }
  /** The answer's stanzas are taken out; they come with a later answer. */
  | { readonly kind: "take-stanzas" }
  /** Stanzas taken out before come last in this one. */
  | { readonly kind: "append-stanzas"; readonly xml: string };

export type FaultStep = {
  /** Id of the rule that asks for it. */
  readonly rule: string;
} & (
  | { readonly kind: "wait"; readonly ms: number }
  /** Until the request is that old, counted from its first byte. */
  | { readonly kind: "wait-until"; readonly ageMs: number }
  /** A breakpoint: until a person lets it go, or the rule is disarmed. */
  | { readonly kind: "hold" }
  /** Until disarmed, or that long. */
  | { readonly kind: "pause"; readonly ms: number | null }
  | { readonly kind: "change"; readonly change: MessageChange }
  /** In place of the server (request leg) or of its answer. A whole HTTP answer; for frames, the text of one to the client. */
  | { readonly kind: "answer"; readonly bytes: Uint8Array }
  /** The request, or the frame, goes on twice; of a request the second answer is swallowed. */
  | { readonly kind: "twice" }
  /** A frame changes places with the next one of its connection and direction. */
  | { readonly kind: "swap-frame" }
  | { readonly kind: "throttle"; readonly bytesPerSecond: number }
  | { readonly kind: "cut"; readonly afterBytes: number; readonly how: FaultEnding }
  /** Silence for a frame loses that frame alone; fin and reset end the connection. */
  | { readonly kind: "drop"; readonly how: FaultEnding }
  | { readonly kind: "refuse-connect"; readonly how: "reset" | "silence" }
  | { readonly kind: "break-tls"; readonly leg: "request" | "response" }
  /** The connection: nothing more passes, or both ends are reset. */
  | { readonly kind: "forget"; readonly how: "reset" | "silence" }
);

/** What is to happen to one message (and, for a request, to its answer later). */
export interface Decision {
  /** Ids of the rules that touch it, in the order they were armed. */
  readonly rules: readonly string[];
  /** On the way to the server. An `answer` is the last. */
  readonly request: readonly FaultStep[];
  /** For the answer, whoever gives it; on a frame from the server, for that frame. */
  readonly response: readonly FaultStep[];
  /** When it was decided, on the clock of the armed rules. */
  readonly at: number;
}
