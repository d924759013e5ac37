/**
 * Bytes the server has sent that were no data: those of a record whose rest is still on its way, or of an alert. A server that is silent sends
 * none; a path that lets a few bytes a second through leaves some; and a server that closes its connection itself says so first (close_notify,
 * RFC 8446 6.1), which one that was killed can't.
 */
import type { Leg } from "./leg.ts";

export class UnreadBytes {
  readonly #leg: Leg;
  #read: number;

  constructor(leg: Leg) {
    this.#leg = leg;
    this.#read = leg.raw.bytesRead;
    // Session tickets are records of their own, which no reader is told of.
    leg.stream.on("session", () => this.opened());
  }

  /** All that has come so far was opened. */
  opened(): void {
    this.#read = this.#leg.raw.bytesRead;
  }

  get any(): boolean {
    return this.#leg.raw.bytesRead > this.#read;
  }
}
