/** Serves a recording: each of its hosts and ports listens on this machine and answers out of it. */
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Clock } from "../base/clock.ts";
import { fail } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Authority } from "../ca/authority.ts";
import type { PlaybackNote } from "../playback/act.ts";
import { type Asked, Player } from "../playback/player.ts";
import type { Place, Recording } from "../playback/recording.ts";
import { type PlayedChannel, type PlayedExchange, PlayedPort } from "./played-port.ts";

export interface PlaybackOptions {
  readonly recording: Recording;
  /** Recorded ms in one real one. */
  readonly speed: number;
  /** Vouches for the hosts: whoever trusts Boshscope's CA can connect without the proxy, too. */
  readonly authority: Pick<Authority, "leafFor">;
  readonly clock: Clock;
  readonly log: Log;
  /** Default 127.0.0.1. */
  readonly address?: string;
  readonly onNote?: (note: PlaybackNote) => void;
}

/** Where a recorded host and port really is now. */
export interface PlayedPlace extends Place {
  readonly address: string;
  readonly realPort: number;
}

export interface Playback extends AsyncDisposable {
  readonly places: readonly PlayedPlace[];
  /** `HOST:PORT:ADDRESS:PORT` for each, as `--resolve` takes them. */
  readonly resolveFlags: readonly string[];
  /** Latest last; the latest few hundred. */
  readonly notes: readonly PlaybackNote[];
  close(): Promise<void>;
}

const keptNotes = 500;
/** A recording of a browser at large names hundreds of hosts. */
const maxPlaces = 200;

/** Throws "playback-empty". */
export async function startPlayback(options: PlaybackOptions): Promise<Playback> {
  const { recording, authority, clock, address = "127.0.0.1" } = options;
  if (recording.places.length === 0) throw fail("playback-empty", {});
  const notes: PlaybackNote[] = [];
  const stage = new Stage(options, (note) => {
    notes.push(note);
    if (notes.length > keptNotes) notes.shift();
    logNote(note, options.log);
    options.onNote?.(note);
  });
  const ports = recording.places.slice(0, maxPlaces).map(
    (place) =>
      new PlayedPort({
        place,
        secureContext: place.secure
          ? authority.leafFor(place.host, place.port, []).secureContext
          : null,
        address,
        onRequest: (request, body, exchange) => stage.ask(place, request, body, exchange),
        onSocket: (request, channel) => stage.open(place, request, channel),
      }),
  );
  const close = async (): Promise<void> => {
    stage.close();
    await Promise.all(ports.map((port) => port.close()));
  };
  await Promise.all(ports.map((port) => port.listen()));
  const places = ports.map(({ place, port }) => ({ ...place, address, realPort: port }));
  options.log.info("playback.started", {
    sessions: recording.sessions.length,
    headless: recording.headless.length,
    calls: recording.calls.length,
    at: new Date(clock.wall()).toISOString(),
  });
  return {
    places,
    resolveFlags: places.map(
      ({ host, port, address: at, realPort }) => `${host}:${port}:${at}:${realPort}`,
    ),
    notes,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The player with a clock: one timer, for what is due next. */
class Stage {
  readonly #player: Player;
  readonly #clock: Clock;
  readonly #waiting = new Map<number, PlayedExchange>();
  #next = 1;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor({ recording, speed, clock }: PlaybackOptions, tell: (note: PlaybackNote) => void) {
    this.#clock = clock;
    this.#player = new Player(recording, {
      speed,
      newSid: () => randomBytes(4).toString("hex"),
      wall: (at) => clock.wall() + at - clock.mono(),
      base64: (text) => Buffer.from(text, "base64").toString("utf8"),
      tell,
    });
  }

  ask(place: Place, request: IncomingMessage, body: string, exchange: PlayedExchange): void {
    const id = this.#await(exchange);
    this.#player.ask(id, askedOf(place, request, body), this.#clock.mono());
    this.#play();
  }

  /** false = there is nothing to play on it. */
  open(place: Place, request: IncomingMessage, channel: PlayedChannel): boolean {
    const id = this.#await(channel);
    if (!this.#player.openSocket(id, askedOf(place, request, ""), this.#clock.mono())) {
      this.#waiting.delete(id);
      return false;
    }
    channel.onMessage((text) => {
      this.#player.hear(id, text, this.#clock.mono());
      this.#play();
    });
    return true;
  }

  #await(exchange: PlayedExchange): number {
    const id = this.#next++;
    this.#waiting.set(id, exchange);
    exchange.onGone(() => {
      if (!this.#waiting.delete(id)) return;
      this.#player.gone(id);
      this.#play();
    });
    return id;
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #play(): void {
    if (this.#isClosed) return;
    const now = this.#clock.mono();
    for (const act of this.#player.take(now)) {
      const exchange = this.#waiting.get(act.request);
      // A WebSocket goes on.
      if (act.kind !== "message") this.#waiting.delete(act.request);
      exchange?.perform(act);
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    const next = this.#player.nextAt();
    if (next === Number.POSITIVE_INFINITY) return;
    const ms = Math.min(longestTimerMs, Math.max(0, next - now));
    this.#timer = setTimeout(() => this.#play(), Math.ceil(ms));
  }
}

function askedOf({ host, port }: Place, request: IncomingMessage, body: string): Asked {
  const { method = "GET", url: path = "/", headers } = request;
  const requestId = headers["requestid"];
  return {
    method,
    host,
    port,
    path,
    contentType: headers["content-type"] ?? "",
    body,
    requestId: typeof requestId === "string" ? requestId : null,
    authorization: headers.authorization ?? "",
  };
}

/** Node's timers hold no more. */
const longestTimerMs = 2 ** 31 - 1;

function logNote(note: PlaybackNote, log: Log): void {
  const { kind, ...fields } = note;
  if (kind === "unanswered") log.warn("playback.unanswered", fields);
  else log.info(`playback.${kind}`, fields);
}
