/** Folds exchanges out of a file into a capture file of their own, as if they had just been seen: redacted, read, joined into sessions. */
import { createHmac, randomBytes } from "node:crypto";
import { setImmediate as breathe } from "node:timers/promises";
import type { Clock } from "./base/clock.ts";
import { systemClock } from "./base/clock.ts";
import { Recording } from "./capture/recording.ts";
import { TimelineBook } from "./capture/timelines/timeline-book.ts";
import type { CaptureEvent } from "./domain/capture-event.ts";
import type { Finding } from "./domain/finding.ts";
import type { Timeline } from "./domain/recording.ts";
import type { ExchangeCopy } from "./interchange/exchange-copy.ts";
import { headText } from "./interchange/head.ts";
import { EventOrder } from "./interchange/replay/in-order.ts";
import { LiveDiagnosis } from "./live-diagnosis.ts";
import { redactFreeText } from "./redact/free-text.ts";
import { createRedactor, type Redactor } from "./redact/redactor.ts";
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
  /** As they were told last, oldest first. */
  readonly findings: readonly Finding[];
}

/** Rows per transaction: as many as the recorder saves at once. */
const saveAtRows = 400;
/** Silence is noticed in steps, as the recorder does; a night's pause needs no more than the first hour of them. */
const tickMs = 1000;
const longestSilenceMs = 3_600_000;
const progressEvery = 100;

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
      if (++taken % progressEvery > 0) continue;
      options.onProgress(taken);
      // What is read from memory never lets a signal be heard.
      await breathe();
    }
    fold ??= new CopyFold(options, systemClock.wall());
    return fold.end();
  } finally {
    fold?.close();
  }
}

/** The same of what comes as events, in about the order of time. */
export async function foldEvents(
  events: AsyncIterable<CaptureEvent>,
  options: FoldOptions,
): Promise<Folded> {
  let fold: CopyFold | null = null;
  try {
    for await (const event of events) {
      fold ??= new CopyFold(options, event.at);
      fold.takeEvent(event);
    }
    fold ??= new CopyFold(options, systemClock.wall());
    return fold.end();
  } finally {
    fold?.close();
  }
}

/** Moments between two at which the passing of time is told. 0 = nothing was told yet. */
export function* silenceSteps(from: number, to: number): Generator<number> {
  if (from === 0) return;
  let at = from;
  const until = Math.min(to, from + longestSilenceMs);
  while (at + tickMs <= until) yield (at += tickMs);
  // A long silence needs no more steps; time is where it is all the same.
  if (to - at > tickMs) yield to;
}

class CopyFold {
  readonly #options: FoldOptions;
  readonly #writer: PublishingWriter;
  readonly #recording: Recording;
  readonly #redactor: Redactor;
  readonly #diagnosis: LiveDiagnosis;
  readonly #findings = new Map<string, Finding>();
  readonly #order = new EventOrder();
  readonly #timelines = new TimelineBook();
  readonly #remarks: {
    readonly number: number;
    readonly comment: string | null;
    readonly mark: string | null;
  }[] = [];
  #first: number | null = null;
  #now = 0;
  /** When the last of them was still being watched. */
  #end = 0;
  #ticked = 0;
  #counts = { exchanges: 0, pending: 0, failed: 0 };
  /** Of what comes as events: exchanges without an end. */
  readonly #open = new Set<number>();

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
    this.#redactor = redactor;
    const writer = this.#writer;
    this.#diagnosis = new LiveDiagnosis({ writer, clock, timeScale: 1 });
    this.#recording = new Recording({
      writer,
      redactor,
      hash,
      bodyLimit,
      keepSecrets,
      headText,
      onSaved: (batch) => this.#diagnosis.saved(batch),
    });
  }

  take(copy: ExchangeCopy): void {
    this.#first ??= copy.atWall;
    const { number, events } = this.#order.add(copy);
    this.#counts.exchanges++;
    if (copy.outcome.kind === "pending") this.#counts.pending++;
    this.#end = Math.max(this.#end, lastSeen(copy));
    if (copy.outcome.kind === "failed") this.#counts.failed++;
    const { comment, mark } = copy;
    if (comment !== null || mark !== null) this.#remarks.push({ number, comment, mark });
    this.#observe(events);
  }

  takeEvent(event: CaptureEvent): void {
    this.#first ??= event.at;
    this.#end = Math.max(this.#end, event.at);
    const { kind } = event;
    if (kind === "request-head" || kind === "tunnel-opened") {
      this.#counts.exchanges++;
      this.#open.add(event.exchange);
    } else if (kind === "exchange-failed") {
      if (this.#open.delete(event.exchange)) this.#counts.failed++;
    } else if (kind === "response-end" || kind === "upgraded" || kind === "tunnel-ended")
      this.#open.delete(event.exchange);
    this.#counts.pending = this.#open.size;
    this.#observe([event]);
  }

  end(): Folded {
    this.#observe(this.#order.rest());
    this.#passTime(this.#end);
    // Whatever waits is written as waiting, and what is suspected is said: nothing more will come.
    this.#save(Number.MAX_SAFE_INTEGER);
    this.#followTimeline();
    this.#diagnose();
    for (const { number, comment, mark } of this.#remarks) {
      const id = `${this.#options.captureId}-${number}`;
      if (comment !== null) this.#writer.setComment(id, redactFreeText(comment, this.#redactor));
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
      findings: [...this.#findings.values()].toSorted((a, b) => (a.at < b.at ? -1 : 1)),
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
    for (const step of silenceSteps(this.#ticked, to)) this.#tick(step);
    if (this.#ticked === 0) this.#ticked = to;
    this.#now = Math.max(this.#now, to);
  }

  /** As the recorder's thread does four times a second: what happened is told before time is said to have passed. */
  #tick(now: number): void {
    this.#ticked = now;
    this.#now = now;
    this.#save(now);
    this.#recording.tick(now);
    this.#followTimeline();
    this.#diagnose();
  }

  #save(now: number): void {
    this.#recording.save(now);
    this.#followTimeline();
  }

  #followTimeline(): void {
    const changed = this.#recording.takeTimeline();
    if (changed === null) return;
    for (const session of changed.sessions) this.#diagnosis.observe({ kind: "session", session });
    this.#timelines.take(changed);
  }

  #diagnose(): void {
    const { findings } = this.#diagnosis.tick();
    if (findings.length === 0) return;
    this.#writer.saveFindings(findings);
    for (const finding of findings) this.#findings.set(finding.id, finding);
  }
}

function lastSeen({ atWall, timing, pendingMs, frames }: ExchangeCopy): number {
  const { requestSent, responseEnd, delivered, failed } = timing;
  const waited = (requestSent ?? 0) + (pendingMs ?? 0);
  const end = Math.max(waited, responseEnd ?? 0, delivered ?? 0, failed ?? 0);
  return Math.max(atWall + end, frames.at(-1)?.atWall ?? 0);
}
