/** The live feed: one WebSocket at a time, resumed by seq after each loss. Knows nothing of rows or Preact. */
import type { FeedMessage } from "../../src/server/messages.ts";
import { retryDelay } from "./backoff.ts";

export type FeedState =
  | { readonly kind: "connecting" }
  | { readonly kind: "live" }
  /** `retryAt`: by this machine's clock, ms since 1970. */
  | { readonly kind: "lost"; readonly retryAt: number };

export interface FeedOptions {
  /** Address of the feed, `ws:` or `wss:`, without query. */
  readonly address: string;
  readonly query: string;
  /** Of the sentences the server sends. */
  readonly language: string;
  /** Where to resume; null = from now on. */
  readonly since: number | null;
  /** The epoch of `since`: the server says resync when it has passed. */
  readonly epoch: string | null;
  /** `resumed`: false on a `hello` that begins anew, so that the rows must be loaded. */
  readonly onMessage: (message: FeedMessage, resumed: boolean) => void;
  readonly onState: (state: FeedState) => void;
  readonly random?: () => number;
}

export interface Feed {
  /** Seq of the newest change seen; null before the first `hello`. */
  readonly seq: number | null;
  readonly epoch: string | null;
  readonly query: string;
  /** Dials at once instead of waiting for the next attempt. */
  readonly retryNow: () => void;
  readonly stop: () => void;
}

/** Opens the feed and keeps it open until `stop`. Messages after `stop` are dropped. */
export function openFeed(options: FeedOptions): Feed {
  let { since: seq, epoch } = options;
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let attempt = 0;
  let stopped = false;

  const take = (message: FeedMessage): void => {
    const resumed = seq !== null;
    if (message.kind === "hello") {
      attempt = 0;
      seq ??= message.seq;
      epoch ??= message.epoch;
      options.onState({ kind: "live" });
    }
    if (message.kind === "rows") seq = Math.max(seq ?? 0, message.seq);
    if (message.kind === "resync") {
      // Seqs of another epoch say nothing; the next rows bring one of this.
      seq = null;
      epoch = message.epoch;
    }
    options.onMessage(message, resumed);
  };

  const dial = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (attempt === 0) options.onState({ kind: "connecting" });
    const opened = new WebSocket(feedUrl(options.address, { ...options, seq, epoch }));
    socket = opened;
    opened.onmessage = (event) => {
      if (socket !== opened || typeof event.data !== "string") return;
      const message = readMessage(event.data);
      if (message === null) opened.close();
      else take(message);
    };
    opened.onclose = () => {
      if (socket === opened) lose();
    };
  };

  const lose = (): void => {
    socket = null;
    if (stopped) return;
    const delay = retryDelay(attempt, (options.random ?? Math.random)());
    attempt += 1;
    timer = setTimeout(dial, delay);
    options.onState({ kind: "lost", retryAt: Date.now() + delay });
  };

  dial();
  return {
    get seq() {
      return seq;
    },
    get epoch() {
      return epoch;
    },
    query: options.query,
    retryNow: () => {
      if (timer !== null) dial();
    },
    stop: () => {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      const open = socket;
      socket = null;
      open?.close();
    },
  };
}

interface Resume {
  readonly query: string;
  readonly language: string;
  readonly seq: number | null;
  readonly epoch: string | null;
}

/** `since` and `epoch` are left out when there is nothing to resume from. */
export function feedUrl(address: string, { query, language, seq, epoch }: Resume): string {
  const parameters = new URLSearchParams();
  if (seq !== null) {
    parameters.set("since", String(seq));
    if (epoch !== null) parameters.set("epoch", epoch);
  }
  if (query !== "") parameters.set("q", query);
  parameters.set("lanes", "1");
  parameters.set("lang", language);
  return `${address}?${parameters}`;
}

/** null = not a message of ours: the connection is of no use then. */
export function readMessage(text: string): FeedMessage | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && "kind" in value
      ? (value as FeedMessage)
      : null;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return null;
    throw thrown;
  }
}
