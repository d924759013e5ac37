/**
 * The live feed: takes committed batches from the recorder, sends them on every 50 ms, and keeps each client's resume point true.
 * The order matters: `flushed` moves only after live clients were handed the batch, so a client is either handed a change or
 * still has it to read.
 */
import type { WebSocket } from "ws";
import type { Clock } from "../base/clock.ts";
import { background, type Log } from "../base/log.ts";
import type { Language } from "../diagnose/words/render.ts";
import type { FaultDesk } from "../domain/fault-desk.ts";
import type { CaptureReader, Committed, Recorder } from "../domain/recording.ts";
import { faultsText, tellFaults } from "./faults-teller.ts";
import { FeedClient } from "./feed-client.ts";
import { findingsText, joined, listed, parsed } from "./feed-text.ts";
import { type FeedTiming, usualTiming } from "./feed-timing.ts";
import { feedRequest } from "./input.ts";
import type { FeedMessage, FeedRequest } from "./messages.ts";
import { TimelineTeller } from "./timeline-teller.ts";

export interface FeedOptions {
  readonly recorder: Recorder;
  readonly reader: CaptureReader;
  readonly faults: FaultDesk;
  readonly clock: Clock;
  readonly log: Log;
  readonly loopLagMs: () => { p50: number; p99: number };
  readonly timing?: Partial<FeedTiming>;
}

/** How a client opens the feed. */
export interface FeedOpening {
  readonly since: number | null;
  readonly query: string;
  readonly epoch: string | null;
  /** Also sessions, agents and lane marks. */
  readonly lanes: boolean;
  /** Also findings and fault rules, in sentences of it. */
  readonly language: Language | null;
}

/** Batches waiting for the next flush are sent at once when they have grown to this many characters. */
const flushCharacters = 4 * 1024 * 1024;
/** Deleted ids remembered for clients that were away; with more, they are told to load again. */
const maxDeletions = 10_000;

/** Whoever has seen the commit `until` has been told of it; Infinity = no commit has followed yet. */
interface Deletion {
  readonly ids: readonly string[];
  until: number;
}

export class Feed {
  readonly #options: FeedOptions;
  readonly #timing: FeedTiming;
  readonly #clients = new Set<FeedClient>();
  readonly #lanes = new TimelineTeller();
  #pending: Committed[] = [];
  #pendingCharacters = 0;
  #latest = 0;
  #flushed = 0;
  #flushTimer: NodeJS.Timeout | null = null;
  #statusTimer: NodeJS.Timeout | null = null;
  #statusSentAt = 0;
  #stopListening: (() => void) | null = null;
  #captureId: string;
  #epochNumber = 0;
  #deletions: Deletion[] = [];
  /** Differs between runs, so that a client of an earlier run is told to load again. */
  readonly #run: string;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#timing = { ...usualTiming, ...options.timing };
    this.#captureId = options.recorder.status().captureId;
    this.#run = Math.round(options.clock.wall()).toString(36);
  }

  /** Open clients, and bytes that wait for their networks. */
  get load(): { readonly clients: number; readonly buffered: number } {
    let buffered = 0;
    for (const client of this.#clients) buffered += client.buffered;
    return { clients: this.#clients.size, buffered };
  }

  /** Takes over a socket whose opening was allowed. */
  accept(socket: WebSocket, opening: FeedOpening): void {
    const { recorder, reader, log } = this.#options;
    this.#listen();
    this.refresh();
    const stale = this.#staleness(opening);
    const client = new FeedClient(
      {
        socket,
        reader,
        log,
        stallBytes: this.#timing.stallBytes,
        latest: () => this.#latest,
        flushed: () => this.#flushed,
        epoch: () => this.#epoch,
        timeline: opening.lanes
          ? () => this.#lanes.all(this.#captureId, recorder.timeline())
          : null,
        sentences: this.#sentences(opening.language),
      },
      opening.query,
      stale === null ? opening.since : null,
    );
    this.#clients.add(client);
    socket.on("close", () => this.#leave(client));
    socket.on("error", (error) => log.debug("feed.socket", { why: error.message }));
    socket.on("message", (data, binary) =>
      this.#hear(client, binary || !Buffer.isBuffer(data) ? "" : data.toString()),
    );
    client.say(this.#hello());
    if (stale === null) client.sayState();
    if (stale !== null) client.resync(stale);
    else this.#tellDeletions(client, opening.since);
    client.catchUp();
    if (stale === null && opening.since !== null) this.#doubt(client, opening.since);
  }

  /** After rows were cleared, or brought back. */
  cleared(): void {
    this.#restart("cleared");
  }

  /** After rows were deleted. */
  deleted(ids: readonly string[]): void {
    this.#flush();
    this.#deletions.push({ ids, until: Number.POSITIVE_INFINITY });
    if (this.#deletions.reduce((sum, deletion) => sum + deletion.ids.length, 0) > maxDeletions) {
      this.#deletions = [];
      this.#epochNumber += 1;
    }
    for (const client of this.#clients) {
      client.takeGone(ids);
      client.catchUp();
    }
  }

  /** Looks whether another capture has begun. */
  refresh(): void {
    const { captureId, seq } = this.#options.recorder.status();
    this.#see(seq ?? 0);
    if (captureId === this.#captureId) return;
    this.#captureId = captureId;
    this.#restart("capture");
  }

  close(): void {
    this.#rest();
    for (const client of this.#clients) client.close(1001, "Boshscope stops");
  }

  /** Ends what has not closed by itself. */
  terminate(): void {
    for (const client of this.#clients) client.terminate();
  }

  get #epoch(): string {
    return `${this.#captureId}/${this.#run}/${this.#epochNumber}`;
  }

  /** Why what the client has is worth nothing, or null. */
  #staleness({ since, epoch }: FeedOpening): "capture" | "cleared" | null {
    if (since === null) return null;
    if (epoch !== null && epoch !== this.#epoch) {
      return epoch.startsWith(`${this.#captureId}/`) ? "cleared" : "capture";
    }
    return null;
  }

  /** A resume point above the last seq we know of is another store's, unless the recorder's status is a moment behind: rows tell. */
  #doubt(client: FeedClient, since: number): void {
    if (this.#options.recorder.status().seq === undefined || since <= this.#latest) return;
    const check = async () => {
      const { count } = await this.#options.reader.exchanges({ since: since - 1, limit: 1 });
      if (count === 0 && since > this.#latest) client.resync("gone");
    };
    background(check(), "feed.resume", this.#options.log);
  }

  #tellDeletions(client: FeedClient, since: number | null): void {
    if (since === null) return;
    const missed = this.#deletions.filter((deletion) => deletion.until > since);
    const ids = missed.flatMap((deletion) => deletion.ids);
    if (ids.length > 0) client.takeGone(ids);
  }

  #settleDeletions(seq: number): void {
    for (const deletion of this.#deletions.toReversed()) {
      if (deletion.until !== Number.POSITIVE_INFINITY) return;
      deletion.until = seq;
    }
  }

  #listen(): void {
    if (this.#stopListening !== null) return;
    const { recorder } = this.#options;
    // What was committed while nobody listened is found by reading.
    this.#latest = Math.max(this.#latest, recorder.status().seq ?? 0);
    this.#flushed = this.#latest;
    const stops = [
      recorder.onCommitted((committed) => this.#take(committed)),
      recorder.onStatus(() => this.#statusSoon()),
      recorder.onFindings((changed) =>
        this.#tellSentences((language) => findingsText(this.#captureId, changed, language)),
      ),
      tellFaults(this.#options.faults, this.#timing.statusAtMostMs, (inLanguage) =>
        this.#tellSentences(inLanguage),
      ),
      recorder.onTimeline((changed) =>
        this.#tellLanes(this.#lanes.changes(this.#captureId, changed)),
      ),
      every(this.#timing.retestMs, () => this.#retest()),
      every(this.#timing.statusAtLeastMs / 2, () => this.#statusIfDue()),
      every(this.#timing.pingMs, () => {
        for (const client of this.#clients) client.checkAlive();
      }),
    ];
    this.#stopListening = () => {
      for (const stop of stops) stop();
    };
  }

  #leave(client: FeedClient): void {
    this.#clients.delete(client);
    if (this.#clients.size === 0) this.#rest();
  }

  #rest(): void {
    this.#stopListening?.();
    this.#stopListening = null;
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer);
    if (this.#statusTimer !== null) clearTimeout(this.#statusTimer);
    this.#flushTimer = null;
    this.#statusTimer = null;
    this.#drop();
  }

  #hear(client: FeedClient, text: string): void {
    const request = feedRequest.safeParse(parsed(text));
    if (!request.success) {
      client.close(1008, "not a request the feed knows");
      return;
    }
    const { q, since }: FeedRequest = request.data;
    client.changeFilter(q.trim(), since);
  }

  #take(committed: Committed): void {
    this.#see(committed.seq);
    this.#settleDeletions(committed.seq);
    if (committed.count === 0) {
      this.#pending.push({ ...committed, rows: "[]", marks: "[]" });
    } else if (committed.rows === "") {
      // Committed before the recorder knew that we listen: whoever is behind it reads it.
      this.#flush();
      this.#flushed = Math.max(this.#flushed, committed.seq);
      for (const client of this.#clients) client.catchUp();
      return;
    } else {
      this.#pending.push(committed);
      this.#pendingCharacters += committed.rows.length;
    }
    if (this.#pendingCharacters > flushCharacters) this.#flush();
    else this.#flushTimer ??= setTimeout(() => this.#flush(), this.#timing.flushMs);
  }

  #see(seq: number): void {
    this.#latest = Math.max(this.#latest, seq);
  }

  #flush(): void {
    if (this.#flushTimer !== null) clearTimeout(this.#flushTimer);
    this.#flushTimer = null;
    const batches = this.#pending;
    const last = batches.at(-1)?.seq;
    this.#drop();
    if (last === undefined) return;
    const texts = new Map<number, string | null>();
    for (const client of this.#clients) {
      const first = batches.findIndex((batch) => batch.seq > client.cursor);
      if (first === -1) continue;
      if (!texts.has(first)) texts.set(first, joined(batches.slice(first)));
      client.takeBatch(texts.get(first) ?? null, last);
    }
    const marks = listed(batches.map((batch) => batch.marks));
    if (marks !== "") this.#tellLanes(`{"kind":"marks","seq":${last},"marks":[${marks}]}`);
    this.#flushed = Math.max(this.#flushed, last);
    for (const client of this.#clients) client.catchUp();
  }

  #drop(): void {
    this.#pending = [];
    this.#pendingCharacters = 0;
  }

  #restart(reason: "capture" | "cleared"): void {
    this.#drop();
    this.#lanes.forget();
    this.#flushed = this.#latest;
    this.#epochNumber += 1;
    this.#deletions = [];
    for (const client of this.#clients) client.resync(reason);
  }

  #tellLanes(text: string): void {
    for (const client of this.#clients) client.takeLanes(text);
  }

  #sentences(language: Language | null) {
    if (language === null) return null;
    const { recorder, faults } = this.#options;
    const all = () => [
      findingsText(this.#captureId, recorder.findings(), language),
      faultsText(faults, language),
    ];
    return { language, all };
  }

  /** The same text for all of a language. */
  #tellSentences(inLanguage: (language: Language) => string): void {
    const texts = new Map<Language, string>();
    for (const client of this.#clients) {
      client.takeSentences((language) => {
        const text = texts.get(language) ?? inLanguage(language);
        texts.set(language, text);
        return text;
      });
    }
  }

  #retest(): void {
    if (this.#options.recorder.status().pending === 0) return;
    for (const client of this.#clients) client.retest();
  }

  #statusSoon(): void {
    this.refresh();
    if (this.#statusTimer !== null) return;
    const wait = this.#statusSentAt + this.#timing.statusAtMostMs - this.#options.clock.mono();
    this.#statusTimer = setTimeout(() => this.#sendStatus(), Math.max(0, wait));
  }

  #statusIfDue(): void {
    this.refresh();
    const due = this.#statusSentAt + this.#timing.statusAtLeastMs / 2;
    if (this.#statusTimer === null && this.#options.clock.mono() >= due) this.#sendStatus();
  }

  #sendStatus(): void {
    this.#statusTimer = null;
    this.#statusSentAt = this.#options.clock.mono();
    const message: FeedMessage = {
      kind: "status",
      now: this.#now(),
      status: this.#options.recorder.status(),
      loopLagMs: this.#options.loopLagMs(),
    };
    const text = JSON.stringify(message);
    for (const client of this.#clients) client.takeStatus(text);
  }

  #hello(): FeedMessage {
    return {
      kind: "hello",
      captureId: this.#captureId,
      epoch: this.#epoch,
      seq: this.#flushed,
      now: this.#now(),
      status: this.#options.recorder.status(),
    };
  }

  #now(): string {
    return new Date(this.#options.clock.wall()).toISOString();
  }
}

function every(ms: number, act: () => void): () => void {
  const timer = setInterval(act, ms);
  return () => clearInterval(timer);
}
