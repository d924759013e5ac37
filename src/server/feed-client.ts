/**
 * One page on the feed: what it has been told so far, and how it is brought up to date without ever holding more than a bound.
 *
 * A client is either *live* (it is handed each batch as text, nothing is read for it) or *catching up* (it reads from the store
 * what changed after its cursor, and asks for more only when the last part has left for the network). Clients with a filter
 * always catch up, since only the store can tell what matches. A live client that does not drain is *stalled*: it gets nothing
 * more until it has drained, and then a resync.
 */
import type { WebSocket } from "ws";
import { BoshscopeError, fail } from "../base/errors.ts";
import { background, type Log } from "../base/log.ts";
import type { Language } from "../diagnose/words/render.ts";
import type { CaptureReader } from "../domain/recording.ts";
import type { FeedMessage } from "./messages.ts";

export interface FeedClientOptions {
  readonly socket: WebSocket;
  readonly reader: CaptureReader;
  readonly log: Log;
  /** Bytes that may wait for the network, beside those of the state, before the client counts as stalled. */
  readonly stallBytes: number;
  /** Seq of the last commit that is known. */
  readonly latest: () => number;
  /** Seq of the last batch handed to live clients: what a client must have read to become live. */
  readonly flushed: () => number;
  readonly epoch: () => string;
  /** Sessions and agents as they are now, as a message, for those who asked for lanes; else null. */
  readonly timeline: (() => string) | null;
  /** Of the sentences it asked for, and what has been said in it so far, as messages; null = none. */
  readonly sentences: {
    readonly language: Language;
    readonly all: () => readonly string[];
  } | null;
}

interface Filter {
  readonly query: string;
  /** Everything up to it has been told. */
  readonly cursor: number;
  /** Whether a read must follow whatever the cursor says: to resume, or to have the filter checked. */
  readonly readFirst: boolean;
  /** Set while all rows up to this seq are sent to a client that has none: it needs no word on rows that do not match. */
  readonly freshUpTo: number | null;
}

/** Rows per read: about a megabyte of text. */
const pageRows = 1000;
/** Seqs per read with a filter: at most as many rows. */
const seqWindow = 1000;

export class FeedClient {
  readonly #options: FeedClientOptions;
  #filter: Filter;
  /** The filter in force while a new one is being checked. */
  #previous: Filter | null = null;
  /** The filter in force can't be read, and there was none before it: nothing is sent. */
  #refused = false;
  #reading = false;
  #stalled = false;
  /** Bytes of the state that wait: thousands of agents make megabytes of it, and that says nothing about the client. */
  #stateBytes = 0;
  /** Rises when what is being read has become worthless. */
  #generation = 0;
  #lastRetest = "";
  #answered = true;

  constructor(options: FeedClientOptions, query: string, since: number | null) {
    this.#options = options;
    this.#filter = {
      ...filterFrom(query, since ?? options.flushed(), options.flushed()),
      readFirst: since !== null || query !== "",
    };
    options.socket.on("pong", () => {
      this.#answered = true;
    });
  }

  get buffered(): number {
    return this.#options.socket.bufferedAmount;
  }

  /** Bytes beside those of the state. */
  get #waiting(): number {
    return Math.max(0, this.buffered - this.#stateBytes);
  }

  /** Whether it takes batches as they are; else `catchUp` it is. */
  get #live(): boolean {
    const { query, cursor, readFirst } = this.#filter;
    return query === "" && !readFirst && !this.#reading && cursor >= this.#options.flushed();
  }

  /** Hands over all changes after `cursor` up to `seq`, if this client is live; call before `flushed` moves on. */
  takeBatch(text: string | null, seq: number): void {
    if (!this.#live) return;
    this.#filter = { ...this.#filter, cursor: seq };
    if (text !== null) this.#offer(text);
  }

  /** The cursor of a live client may lie inside what was not flushed yet. */
  get cursor(): number {
    return this.#filter.cursor;
  }

  /** A message that is worthless when late. */
  takeStatus(text: string): void {
    if (!this.#stalled && this.#waiting <= this.#options.stallBytes) this.#write(text);
  }

  /** A message that must arrive; a client that asks for more of them than it reads is let go. */
  say(message: FeedMessage): void {
    if (this.#waiting > 2 * this.#options.stallBytes) this.terminate();
    else this.#write(JSON.stringify(message));
  }

  /** Tells that rows are gone for good; whatever is being read may still hold them and is read again. */
  takeGone(ids: readonly string[]): void {
    this.#generation += 1;
    this.#offer(rowsText(this.#filter.cursor, "[]", ids));
  }

  /** Forgets where the client was: it loads everything again, and goes on from here. */
  resync(reason: Extract<FeedMessage, { kind: "resync" }>["reason"]): void {
    this.#generation += 1;
    this.#previous = null;
    const query = this.#filter.query;
    this.#filter = { ...filterFrom(query, this.#options.latest(), 0), readFirst: false };
    // While a state is on its way, what has become of it is told when it has arrived.
    if (this.#stateBytes > 0) this.#stalled = true;
    if (this.#stalled) return;
    this.say({ kind: "resync", reason, epoch: this.#options.epoch() });
    this.sayState();
  }

  /** Sessions, agents or marks, whatever the filter; nothing for a client that asked for no lanes. */
  takeLanes(text: string): void {
    if (this.#options.timeline !== null) this.#offer(text);
  }

  /** Sentences new or changed, by language; nothing for a client that asked for none. */
  takeSentences(inLanguage: (language: Language) => string): void {
    const { sentences } = this.#options;
    if (sentences !== null) this.#offer(inLanguage(sentences.language));
  }

  /** What a page starts from: beside the rows, which it loads itself. */
  sayState(): void {
    for (const text of this.#options.sentences?.all() ?? []) this.#writeState(text);
    if (this.#options.timeline !== null) this.#writeState(this.#options.timeline());
  }

  changeFilter(query: string, since: number): void {
    this.#generation += 1;
    this.#previous ??= this.#filter;
    this.#filter = filterFrom(query, since, this.#options.flushed());
    this.#lastRetest = "";
    this.catchUp();
  }

  /** Reads until the client has been told all there is; does nothing for one that is live or busy reading. */
  catchUp(): void {
    if (this.#reading || !this.#behind()) return;
    this.#reading = true;
    background(this.#readOn(), "feed.read", this.#options.log);
  }

  /** Looks again at rows that match or not by their age alone; only while nothing else is read. */
  retest(): void {
    const { query, cursor } = this.#filter;
    if (query === "" || this.#refused || this.#reading || this.buffered > 0) return;
    this.#reading = true;
    background(this.#retest(query, cursor), "feed.retest", this.#options.log);
  }

  /** Ends a connection that did not answer the last ping, else pings again. */
  checkAlive(): void {
    if (!this.#answered) {
      this.#options.socket.terminate();
      return;
    }
    this.#answered = false;
    this.#options.socket.ping();
  }

  close(code: number, reason: string): void {
    this.#options.socket.close(code, reason);
  }

  terminate(): void {
    this.#options.socket.terminate();
  }

  get #open(): boolean {
    return this.#options.socket.readyState === this.#options.socket.OPEN;
  }

  #behind(): boolean {
    const { cursor, readFirst } = this.#filter;
    if (!this.#open || this.#stalled) return false;
    return readFirst || (!this.#refused && cursor < this.#options.flushed());
  }

  async #readOn(): Promise<void> {
    try {
      while (this.#behind()) await this.#readPart();
    } catch (thrown) {
      this.#options.log.error("feed.read-failed", { why: String(thrown) });
      this.close(1011, "the capture can't be read");
    } finally {
      this.#reading = false;
    }
  }

  async #readPart(): Promise<void> {
    const generation = this.#generation;
    try {
      const part = await readPart(this.#options, this.#filter);
      if (generation !== this.#generation) return;
      this.#refused = false;
      this.#previous = null;
      this.#filter = { ...this.#filter, ...part.filter };
      if (part.text !== null) await this.#writeThrough(part.text);
    } catch (thrown) {
      if (!(thrown instanceof BoshscopeError) || thrown.code !== "query-invalid") throw thrown;
      if (generation === this.#generation) this.#refuseQuery(thrown);
    }
  }

  #refuseQuery(refusal: BoshscopeError): void {
    const { message, remedy } = refusal;
    this.say({ kind: "query-error", message, remedy });
    if (this.#previous === null) {
      this.#refused = true;
      this.#filter = { ...this.#filter, readFirst: false };
    } else {
      this.#filter = this.#previous;
      this.#previous = null;
    }
  }

  async #retest(query: string, cursor: number): Promise<void> {
    const generation = this.#generation;
    try {
      const { rows, gone } = await this.#options.reader.changes({
        since: cursor,
        upTo: cursor,
        query,
      });
      const text = rowsText(cursor, rows, gone);
      if (generation !== this.#generation || text === this.#lastRetest) return;
      this.#lastRetest = text;
      if (rows !== "[]" || gone.length > 0) await this.#writeThrough(text);
    } finally {
      this.#reading = false;
    }
    this.catchUp();
  }

  /** Queues for the network, unless too much is waiting there already. */
  #offer(text: string): void {
    if (this.#stalled || !this.#open) return;
    if (this.#waiting > this.#options.stallBytes) this.#stalled = true;
    else this.#write(text);
  }

  #write(text: string): void {
    if (this.#open) this.#options.socket.send(text, () => this.#drained());
  }

  #writeState(text: string): void {
    if (!this.#open) return;
    const bytes = Buffer.byteLength(text);
    this.#stateBytes += bytes;
    this.#options.socket.send(text, () => {
      this.#stateBytes -= bytes;
      this.#drained();
    });
  }

  /** Resolves when the text has left for the network, or never will. */
  async #writeThrough(text: string): Promise<void> {
    if (!this.#open) return;
    await new Promise<void>((resolve) => {
      this.#options.socket.send(text, () => {
        this.#drained();
        resolve();
      });
    });
  }

  #drained(): void {
    if (!this.#stalled || !this.#open || this.#stateBytes > 0) return;
    if (this.buffered > this.#options.stallBytes / 16) return;
    this.#stalled = false;
    this.resync("slow");
  }
}

function filterFrom(query: string, since: number, flushed: number): Filter {
  const fresh = query !== "" && since === 0 && flushed > 0;
  return { query, cursor: since, readFirst: true, freshUpTo: fresh ? flushed : null };
}

interface Part {
  /** null when there is nothing to tell. */
  readonly text: string | null;
  readonly filter: Omit<Filter, "query">;
}

/** The next part of what changed after the filter's cursor. */
async function readPart(options: FeedClientOptions, filter: Filter): Promise<Part> {
  const { query, cursor, freshUpTo } = filter;
  if (query !== "" && freshUpTo === null) return readMatching(options, query, cursor);
  // Without a filter every row counts, so what is read beyond the last known seq is only told earlier.
  const known = options.latest();
  const page = await options.reader.exchanges({
    since: cursor,
    limit: pageRows,
    query,
    ...(freshUpTo === null ? {} : { upTo: freshUpTo }),
  });
  const reached = page.more ? page.next : (freshUpTo ?? Math.max(page.next, known, cursor));
  return {
    text: page.count === 0 ? null : rowsText(reached, page.rows, []),
    filter: {
      cursor: reached,
      readFirst: page.more,
      freshUpTo: page.more ? freshUpTo : null,
    },
  };
}

/** In windows of seqs rather than pages of rows, since rows that no longer match must be told as well. */
async function readMatching(
  options: FeedClientOptions,
  query: string,
  cursor: number,
): Promise<Part> {
  const upTo = Math.max(cursor, Math.min(options.flushed(), cursor + seqWindow));
  const { rows, gone } = await options.reader.changes({ since: cursor, upTo, query });
  return {
    text: rows === "[]" && gone.length === 0 ? null : rowsText(upTo, rows, gone),
    filter: { cursor: upTo, readFirst: false, freshUpTo: null },
  };
}

/** A `rows` message around rows that are JSON text already. */
export function rowsText(seq: number, rows: string, gone: readonly string[]): string {
  if (!rows.startsWith("[") || !rows.endsWith("]")) {
    throw fail("internal", { why: "rows for the feed are not a JSON array" });
  }
  return `{"kind":"rows","seq":${seq},"rows":${rows},"gone":${JSON.stringify(gone)}}`;
}
