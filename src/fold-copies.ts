/** Folds exchanges out of a file into a capture file of their own, as if they had just been seen: redacted, read, joined into sessions. */
import { createHmac, randomBytes } from "node:crypto";
import type { Clock } from "./base/clock.ts";
import { systemClock } from "./base/clock.ts";
import { Recording } from "./capture/recording.ts";
import { TimelineBook } from "./capture/timelines/timeline-book.ts";
import type { CaptureEvent } from "./domain/capture-event.ts";
import type { Timeline } from "./domain/recording.ts";
import type { ExchangeCopy } from "./interchange/exchange-copy.ts";
import { headText } from "./interchange/head.ts";
import { EventOrder } from "./interchange/replay/in-order.ts";
import { createRedactor } from "./redact/redactor.ts";
import { openWriter, type PublishingWriter } from "./store/open-writer.ts";

export interface FoldOptions {
  /** The new capture file. */
  readonly path: string;
  readonly captureId: string;
  readonly name: string;
  readonly keepSecrets: boolean;
  readonly bodyLimit: number;
  /** Called now and then with the exchanges taken so far. */
  readonly onProgress: (exchanges: number) => void;
}

export interface Folded {
  readonly captureId: string;
  readonly exchanges: number;
  readonly pending: number;
  readonly failed: number;
  /** ISO times of the first and last sign of life; null = the file was empty. */
  readonly from: string | null;
  readonly to: string | null;
  readonly timeline: Timeline;
}

/** Rows per transaction: as many as the recorder saves at once. */
const saveAtRows = 400;
/** Silence is noticed in steps, as the recorder does; a night's pause needs no more than the first hour of them. */
const tickMs = 1000;
const longestSilenceMs = 3_600_000;
const progressEvery = 500;

/** Throws store-unreadable or store-failed. The file holds what was taken until then. */
export async function foldCopies(
  copies: AsyncIterable<ExchangeCopy>,
  options: FoldOptions,
): Promise<Folded> {
  let fold: CopyFold | null = null;
  try {
    let taken = 0;
    for await (const copy of copies) {
      // The capture began with its first exchange.
      fold ??= new CopyFold(options, copy.atWall);
      fold.take(copy);
      if (++taken % progressEvery === 0) options.onProgress(taken);
    }
    fold ??= new CopyFold(options, systemClock.wall());
    return fold.end();
  } finally {
    fold?.close();
  }
}

class CopyFold {
  readonly #options: FoldOptions;
  readonly #writer: PublishingWriter;
  readonly #recording: Recording;
  readonly #order = new EventOrder();
  readonly #timelines = new TimelineBook();
  readonly #remarks: {
    readonly number: number;
    readonly comment: string | null;
    readonly mark: string | null;
  }[] = [];
  #first: number | null = null;
  #now = 0;
  #ticked = 0;
  #counts = { exchanges: 0, pending: 0, failed: 0 };

  constructor(options: FoldOptions, startWall: number) {
    this.#options = options;
    this.#now = startWall;
    const { path, captureId, name, keepSecrets, bodyLimit } = options;
    // The capture's own time is the file's: when it began and ended, not when it was imported.
    const clock: Clock = { mono: () => systemClock.mono(), wall: () => this.#now };
    this.#writer = openWriter(path, { captureId, name, clock, secretsKept: keepSecrets });
    const key = randomBytes(32);
    const hash = (bytes: Uint8Array | string): string =>
      createHmac("sha256", key).update(bytes).digest("hex").slice(0, 32);
    const redactor = createRedactor({ hash, keepSecrets });
    const writer = this.#writer;
    this.#recording = new Recording({ writer, redactor, hash, bodyLimit, keepSecrets, headText });
  }

  take(copy: ExchangeCopy): void {
    this.#first ??= copy.atWall;
    const { number, events } = this.#order.add(copy);
    this.#counts.exchanges++;
    if (copy.outcome.kind === "pending") this.#counts.pending++;
    if (copy.outcome.kind === "failed") this.#counts.failed++;
    const { comment, mark } = copy;
    if (comment !== null || mark !== null) this.#remarks.push({ number, comment, mark });
    this.#observe(events);
  }

  end(): Folded {
    this.#observe(this.#order.rest());
    // Whatever waits is written as waiting.
    this.#save(Number.MAX_SAFE_INTEGER);
    for (const { number, comment, mark } of this.#remarks) {
      const id = `${this.#options.captureId}-${number}`;
      if (comment !== null) this.#writer.setComment(id, comment);
      if (mark !== null) this.#writer.setMark(id, mark);
    }
    this.#followTimeline();
    const iso = (wall: number): string => new Date(wall).toISOString();
    return {
      captureId: this.#options.captureId,
      ...this.#counts,
      from: this.#first === null ? null : iso(this.#first),
      to: this.#first === null ? null : iso(this.#now),
      timeline: this.#timelines.all(),
    };
  }

  close(): void {
    this.#writer.close();
  }

  #observe(events: Iterable<CaptureEvent>): void {
    for (const event of events) {
      this.#passTime(event.at);
      this.#recording.observe(event);
      if (this.#recording.unsaved >= saveAtRows) this.#save(this.#now);
    }
  }

  #passTime(to: number): void {
    this.#now = Math.max(this.#now, to);
    if (this.#ticked === 0) this.#ticked = to;
    const until = Math.min(to, this.#ticked + longestSilenceMs);
    for (; this.#ticked + tickMs <= until; this.#ticked += tickMs)
      this.#recording.tick(this.#ticked + tickMs);
    this.#ticked = Math.max(this.#ticked, to - tickMs);
  }

  #save(now: number): void {
    this.#recording.save(now);
    this.#followTimeline();
  }

  #followTimeline(): void {
    const changed = this.#recording.takeTimeline();
    if (changed !== null) this.#timelines.take(changed);
  }
}
