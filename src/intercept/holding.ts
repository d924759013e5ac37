/** Reads a leg before its counterpart is ready, so that requests are seen and an abort is noticed at once; then hands all over. */
import type { Socket } from "node:net";
import { type CloseReason, closeReasonOf } from "./socket-close.ts";

export interface HoldingListener {
  /** True: they are kept elsewhere, and are not to be sent on when all is handed over. */
  chunk?(bytes: Buffer): boolean | void;
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
  #unsent: Buffer[] = [];
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

  /** For what came before somebody could take it: as for each chunk. */
  keep(take: (bytes: Buffer) => boolean): void {
    this.#unsent = this.#chunks.filter((bytes) => !take(bytes));
  }

  /** Stops reading and gives back what was held here; the caller must attach its own listeners in the same tick. */
  release(): readonly Buffer[] {
    this.#stream.off("data", this.#onData).off("end", this.#onEnd).off("error", this.#onError);
    const chunks = this.#unsent;
    this.#chunks = [];
    this.#unsent = [];
    return chunks;
  }

  readonly #onData = (bytes: Buffer): void => {
    this.#chunks.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes > maxHeld) this.#stream.pause();
    if (this.#listener.chunk?.(bytes) !== true) this.#unsent.push(bytes);
  };

  readonly #onEnd = (): void => {
    this.finished = true;
    this.#listener.ended();
  };

  readonly #onError = (error: Error): void => this.#listener.failed(closeReasonOf(error));
}
