/** What a person does to single messages by hand: lets go what waits at a breakpoint, sends a request again. Types only. */
import type { HeldMessage } from "./fault-rule.ts";

/** Head and body left out = as they came. Markers of secrets go on as the secrets. */
export interface MessageEdit {
  readonly head?: string;
  readonly body?: string;
}

export interface BreakpointDesk {
  /** Secrets replaced. A message appears once that is done, some ms after it was held. */
  held(): readonly HeldMessage[];
  /** Throws "not-found"; "request-invalid" when a marker in the edit is not known any more. */
  settle(id: string, action: "release" | "drop", edit: MessageEdit): Promise<void>;
}

/** A request written by hand. */
export interface ComposedRequest {
  readonly method: string;
  /** Absolute, http or https. */
  readonly url: string;
  /** Lines `Name: value`; Host and the length are put right. Markers of secrets go on as the secrets. */
  readonly headers: string;
  readonly body: string;
  readonly times: number;
  readonly force: boolean;
  /** Id of an exchange whose credentials (Authorization, Cookie) it takes; null = none. */
  readonly credentialsOf: string | null;
}

export interface ReplayOptions extends MessageEdit {
  readonly times: number;
  readonly force: boolean;
  /** Of an http-bind request: in a session of its own, made with the recorded sign-in and ended afterwards. */
  readonly ownSession: boolean;
}

export interface ReplayDesk {
  /**
   * Sends a recorded request again, `times` times one after the other, each on a connection of its own, and gives the ids of the exchanges
   * they made. Throws "not-found", or "request-invalid" with the reason: an http-bind request to a live server without `force` or
   * `ownSession`, a body that was cut, a secret that is not known any more.
   */
  replay(exchange: string, options: ReplayOptions): Promise<readonly string[]>;
  /** The same for a request that nobody sent before. */
  compose(request: ComposedRequest): Promise<readonly string[]>;
}
