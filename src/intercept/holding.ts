/** Reads a leg before its counterpart is ready, so that requests are seen and an abort is noticed at once; then hands all over. */
import type { Socket } from "node:net";
import { type CloseReason, closeReasonOf } from "./socket-close.ts";

export interface HoldingListener {
  chunk?(bytes: Buffer): void;
  /** FIN arrived. */
  ended(): void;
  failed(reason: CloseReason): void;
}

/** More than this is left in the kernel until the other leg is ready. */
const maxHeld = 256 * 1024;

export class Holding {
  readonly #stream: Socket;
  readonly #listener: HoldingListener;
  #chunks: Buffer[] = [];
  #bytes = 0;
  finished = false;

  constructor(stream: Socket, listener: HoldingListener) {
    this.#stream = stream;
    this.#listener = listener;
    stream.on("data", this.#onData).on("end", this.#onEnd).on("error", this.#onError);
  }

  get chunks(): readonly Buffer[] {
    return this.#chunks;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Stops reading and gives back what was held; the caller must attach its own listeners in the same tick. */
  release(): readonly Buffer[] {
    this.#stream.off("data", this.#onData).off("end", this.#onEnd).off("error", this.#onError);
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  readonly #onData = (bytes: Buffer): void => {
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes > maxHeld) this.#stream.pause();
    this.#listener.chunk?.(bytes);
  };

  readonly #onEnd = (): void => {
    this.finished = true;
    this.#listener.ended();
  };

  readonly #onError = (error: Error): void => this.#listener.failed(closeReasonOf(error));
}
