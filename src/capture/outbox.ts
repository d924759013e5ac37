/**
 * The relay's end of the way to the recorder: gathers events for a few milliseconds and posts them. If the recorder falls behind, it
 * first leaves out bodies, then whole exchanges, and counts both: traffic never waits, memory stays bounded, and the loss is shown.
 */
import type { CaptureEvent, CaptureSink } from "../domain/capture-event.ts";
import { type EventBatch, EventBatchWriter, type EventBlocks } from "./event-batch.ts";

export interface OutboxOptions {
  readonly post: (batch: EventBatch) => void;
  readonly mono: () => number;
  readonly wall: () => number;
  /** Bytes under way above which bodies are left out, and above which new exchanges are. */
  readonly shedBodiesAt?: number;
  readonly shedExchangesAt?: number;
}

const gatherMs = 5;
const postAtBytes = 256 * 1024;
const defaultShedBodies = 128 * 1024 * 1024;
const defaultShedExchanges = 192 * 1024 * 1024;

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #writer = new EventBatchWriter();
  #timer: NodeJS.Timeout | null = null;
  #underWay = 0;
  readonly #sizes: number[] = [];
  readonly #shedExchanges = new Set<number>();
  /** Since start. */
  readonly lost = { bodies: 0, exchanges: 0 };

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  readonly emit: CaptureSink = (event) => {
    if (this.#isShed(event)) return;
    this.#writer.add(event);
    if (this.#writer.byteLength > postAtBytes) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), gatherMs);
  };

  /** The recorder has dealt with the oldest batch under way, and gives its blocks back. */
  acknowledge(blocks: EventBlocks | null = null): void {
    this.#underWay -= this.#sizes.shift() ?? 0;
    if (blocks !== null) this.#writer.reuse(blocks);
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#writer.isEmpty) return;
    this.#sizes.push(this.#writer.byteLength);
    this.#underWay += this.#writer.byteLength;
    this.#options.post(this.#writer.take(this.#options.wall() - this.#options.mono()));
  }

  #isShed(event: CaptureEvent): boolean {
    if (!("exchange" in event) || event.exchange === null) return false;
    const { shedBodiesAt = defaultShedBodies, shedExchangesAt = defaultShedExchanges } =
      this.#options;
    if (event.kind === "request-head" && this.#underWay > shedExchangesAt) {
      this.#shedExchanges.add(event.exchange);
      this.lost.exchanges++;
      return true;
    }
    if (this.#shedExchanges.size > 0 && this.#shedExchanges.has(event.exchange)) {
      if (event.kind === "response-end" || event.kind === "exchange-failed")
        this.#shedExchanges.delete(event.exchange);
      return true;
    }
    const isBody = event.kind === "request-body" || event.kind === "response-body";
    if (!isBody || this.#underWay <= shedBodiesAt) return false;
    this.lost.bodies++;
    return true;
  }
}
