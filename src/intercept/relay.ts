/**
 * Carries bytes between the two legs of a connection untouched, with back-pressure, and ends each leg the way the other was ended:
 * FIN as FIN, RST as RST, at once. It knows no HTTP; an observer is told what passed, after it has been passed on.
 */

import type { Side } from "../domain/capture-event.ts";
import { type Leg, resetLeg } from "./leg.ts";
import { type CloseReason, closeReasonOf } from "./socket-close.ts";

export interface RelayObserver {
  /** `delayed`: the other leg took it into its buffer, not at once to the kernel. */
  chunk(from: Side, bytes: Buffer, at: number, delayed: boolean): void;
  /** What had been delayed towards that side is now with the kernel. */
  flushed(to: Side, at: number): void;
  /** FIN arrived from that side. */
  ended(side: Side, at: number): void;
  /** That side broke: RST, TLS alert, time-out. */
  failed(side: Side, reason: CloseReason, at: number): void;
  /** Both legs are gone. */
  closed(at: number): void;
}

const other = (side: Side): Side => (side === "client" ? "server" : "client");

export class Relay {
  readonly #legs: Record<Side, Leg>;
  readonly #observer: RelayObserver;
  readonly #mono: () => number;
  readonly #over: Record<Side, boolean> = { client: false, server: false };
  #broken = false;

  constructor(legs: Record<Side, Leg>, observer: RelayObserver, mono: () => number) {
    this.#legs = legs;
    this.#observer = observer;
    this.#mono = mono;
    this.#carry("client");
    this.#carry("server");
  }

  /** Resets both legs; used when a rule or a policy ends the connection. */
  destroy(): void {
    this.#broken = true;
    resetLeg(this.#legs.client);
    resetLeg(this.#legs.server);
  }

  #carry(side: Side): void {
    const from = this.#legs[side].stream;
    const to = this.#legs[other(side)].stream;
    const observer = this.#observer;
    from.on("data", (bytes: Buffer) => {
      const delayed = !to.write(bytes);
      if (delayed) from.pause();
      observer.chunk(side, bytes, this.#mono(), delayed);
    });
    to.on("drain", () => {
      from.resume();
      observer.flushed(other(side), this.#mono());
    });
    from.on("end", () => {
      if (!this.#broken) observer.ended(side, this.#mono());
      if (!to.destroyed && !to.writableEnded) to.end();
    });
    from.on("error", (error) => this.#onError(side, error));
    from.on("close", () => this.#onClose(side));
  }

  #onError(side: Side, error: Error): void {
    if (!this.#broken) this.#observer.failed(side, closeReasonOf(error), this.#mono());
    this.#broken = true;
    resetLeg(this.#legs[other(side)]);
    resetLeg(this.#legs[side]);
  }

  #onClose(side: Side): void {
    this.#over[side] = true;
    const rest = this.#legs[other(side)];
    // A leg that is wholly gone can carry nothing more in either direction.
    if (!this.#over[other(side)] && !rest.stream.writableEnded) rest.stream.end();
    if (this.#over.client && this.#over.server) this.#observer.closed(this.#mono());
  }
}
