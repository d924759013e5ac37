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

/** May take bytes and ends over from the relay, for as long as it likes; false = the relay carries on. */
export interface RelayGate {
  attach(legs: Record<Side, Leg>, resetBoth: () => void): void;
  takes(from: Side, bytes: Buffer): boolean;
  drained(to: Side): boolean;
  ended(from: Side): boolean;
  failed(from: Side): boolean;
  /** That side is not to be ended now. */
  isHolding(to: Side): boolean;
}

const other = (side: Side): Side => (side === "client" ? "server" : "client");

export class Relay {
  readonly #legs: Record<Side, Leg>;
  readonly #observer: RelayObserver;
  readonly #mono: () => number;
  readonly #gate: RelayGate | null;
  readonly #over: Record<Side, boolean> = { client: false, server: false };
  #broken = false;

  constructor(
    legs: Record<Side, Leg>,
    observer: RelayObserver,
    mono: () => number,
    gate: RelayGate | null = null,
  ) {
    this.#legs = legs;
    this.#gate = gate;
    this.#observer = observer;
    this.#mono = mono;
    this.#carry("client");
    this.#carry("server");
    gate?.attach(legs, () => this.destroy());
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
    const gate = this.#gate;
    from.on("data", (bytes: Buffer) => {
      if (gate?.takes(side, bytes) === true) return;
      const delayed = !to.write(bytes);
      if (delayed) from.pause();
      observer.chunk(side, bytes, this.#mono(), delayed);
    });
    to.on("drain", () => {
      if (gate?.drained(other(side)) !== true) from.resume();
      observer.flushed(other(side), this.#mono());
    });
    from.on("end", () => {
      if (!this.#broken) observer.ended(side, this.#mono());
      if (gate?.ended(side) === true) return;
      if (!to.destroyed && !to.writableEnded) to.end();
    });
    from.on("error", (error) => this.#onError(side, error));
    from.on("close", () => this.#onClose(side));
  }

  #onError(side: Side, error: Error): void {
    if (!this.#broken) this.#observer.failed(side, closeReasonOf(error), this.#mono());
    this.#broken = true;
    if (this.#gate?.failed(side) !== true) resetLeg(this.#legs[other(side)]);
    resetLeg(this.#legs[side]);
  }

  #onClose(side: Side): void {
    this.#over[side] = true;
    const rest = this.#legs[other(side)];
    // A leg that is wholly gone can carry nothing more in either direction.
    const isKept = this.#gate?.isHolding(other(side)) === true;
    if (!this.#over[other(side)] && !rest.stream.writableEnded && !isKept) rest.stream.end();
    if (this.#over.client && this.#over.server) this.#observer.closed(this.#mono());
  }
}
