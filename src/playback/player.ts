/**
 * Answers clients out of a recording: sessions by `PlayedSession`, all else by the latest recorded answer. Values in, values out; the
 * server around it owns sockets and clock.
 */
import type { BoshBody } from "../bosh/bosh-body.ts";
import { isHttpBindPath } from "../bosh/http-bind-path.ts";
import { readBoshBody } from "../bosh/read-bosh-body.ts";
import { textOf } from "../xml/tree.ts";
import type { Act, Tell } from "./act.ts";
import { type Alias, Aliases, inClientsWords, inRecordedWords } from "./aliases.ts";
import { type AskedCall, CallBook } from "./call-book.ts";
import { PlayedSession } from "./played-session.ts";
import { PlayedSocket } from "./played-socket.ts";
import { elementOf } from "./read-socket.ts";
import type { RecordedSession } from "./recorded-session.ts";
import type { Recording } from "./recording.ts";
import type { TakenAnswer, TakenExchange } from "./taken-exchange.ts";

export interface PlayerOptions {
  readonly speed: number;
  readonly newSid: () => string;
  /** Wall ms at an instant of the clock that the requests are told by. */
  readonly wall: (at: number) => number;
  readonly base64: (text: string) => string;
  readonly tell: Tell;
}

/** A request as it came, whole. */
export interface Asked extends AskedCall {
  readonly requestId: string | null;
  /** Of the `Authorization` header, or "". */
  readonly authorization: string;
}

type Playing = PlayedSession | PlayedSocket;

interface Waiting {
  readonly act: Act;
  readonly at: number;
}

export class Player {
  readonly #recording: Recording;
  readonly #options: PlayerOptions;
  readonly #book: CallBook;
  readonly #aliases: Aliases;
  readonly #sessions = new Map<string, PlayedSession>();
  readonly #sockets = new Map<number, PlayedSocket>();
  readonly #plays = new Map<RecordedSession, number>();
  #waiting: Waiting[] = [];
  #startedAt: number | null = null;
  #latest: Playing | null = null;

  constructor(recording: Recording, options: PlayerOptions) {
    this.#recording = recording;
    this.#options = options;
    this.#book = new CallBook(recording.calls);
    this.#aliases = new Aliases(recording.sessions.flatMap(({ agent }) => agent ?? []));
  }

  /** `id`: names the request in acts. `at`: real ms, monotonic. */
  ask(id: number, asked: Asked, at: number): void {
    this.#startedAt ??= at;
    if (asked.method === "POST" && isHttpBindPath(asked.path)) this.#askSession(id, asked, at);
    else this.#askCall(id, asked, at);
  }

  /** A client wants a WebSocket; false = there is none to play there. `id` names it in acts. */
  openSocket(id: number, asked: Asked, at: number): boolean {
    this.#startedAt ??= at;
    const here = this.#here(asked, "websocket");
    const recorded = this.#choose(here, null);
    if (recorded === null) {
      const what = `WebSocket ${addressOf(asked)}`;
      const why = "the recording has no WebSocket of this host and port from its beginning on";
      this.#options.tell({ kind: "unanswered", what, why });
      return false;
    }
    const { speed, tell } = this.#options;
    const socket = new PlayedSocket(recorded, id, { sid: `socket ${id}`, speed, tell });
    this.#sockets.set(id, socket);
    this.#latest = socket;
    this.#count(recorded, 1);
    this.#told(socket);
    return true;
  }

  /** A text message on a WebSocket. */
  hear(id: number, text: string, at: number): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) return;
    const element = elementOf(text);
    if (element?.local === "auth") this.#recognise(socket, textOf(element), at);
    socket.hear(text, at);
  }

  /** The client closed the connection of a request without an answer, or its WebSocket. */
  gone(id: number): void {
    for (const playing of this.#playing()) playing.gone(id);
    this.#sockets.delete(id);
    this.#waiting = this.#waiting.filter(({ act }) => act.request !== id);
  }

  /** All there is to do by now. */
  take(at: number): readonly Act[] {
    const due = this.#waiting.filter((waiting) => waiting.at <= at);
    this.#waiting = this.#waiting.filter((waiting) => waiting.at > at);
    const sessions = this.#playing().flatMap((playing) => playing.take(at));
    return [...due.map(({ act }) => act), ...sessions];
  }

  /** When there is something to do next without a request; Infinity = not before one. */
  nextAt(): number {
    const times = this.#playing().map((playing) => playing.nextAt());
    return Math.min(...this.#waiting.map(({ at }) => at), ...times);
  }

  #askSession(id: number, asked: Asked, at: number): void {
    const body = readBoshBody(asked.body);
    if (body.kind !== "body" || body.rid === null)
      return this.#refuse(id, at, 400, asked, "no BOSH body with a rid");
    if (body.sid === null) return this.#create(id, body, asked, at);
    const session = this.#sessions.get(body.sid);
    if (session === undefined)
      return this.#refuse(id, at, 404, asked, `sid ${body.sid} was not given out here`);
    const auth = body.stanzas.find(({ local }) => local === "auth");
    if (auth !== undefined) this.#recognise(session, textOf(auth), at);
    session.ask(id, body, at);
  }

  #create(id: number, body: BoshBody, asked: Asked, at: number): void {
    const { headless } = this.#recording;
    const here = this.#here(asked, "bosh");
    const user = body.from?.split("@")[0] ?? null;
    const recorded = this.#choose(here, this.#aliases.of(user)?.recorded ?? user);
    if (recorded === null) {
      const why =
        headless.length > 0
          ? "the recording has sessions of this host, but not how they began"
          : "the recording has no session of this host and port";
      return this.#refuse(id, at, 404, asked, why);
    }
    const { speed, newSid, tell } = this.#options;
    const session = new PlayedSession(recorded, { sid: newSid(), speed, tell });
    this.#sessions.set(session.options.sid, session);
    this.#latest = session;
    this.#count(recorded, 1);
    this.#told(session);
    session.ask(id, body, at);
    this.#forget();
  }

  #playing(): readonly Playing[] {
    return [...this.#sessions.values(), ...this.#sockets.values()];
  }

  #here(
    { host, port }: Pick<Asked, "host" | "port">,
    transport: RecordedSession["transport"],
  ): readonly RecordedSession[] {
    return this.#recording.sessions.filter(
      (session) =>
        session.transport === transport && session.host === host && session.port === port,
    );
  }

  /** Of the agent if that can be told; played least; first recorded. */
  #choose(sessions: readonly RecordedSession[], agent: string | null): RecordedSession | null {
    const own = sessions.filter((session) => agent !== null && session.agent === agent);
    const among = own.length > 0 ? own : sessions;
    const plays = (session: RecordedSession): number => this.#plays.get(session) ?? 0;
    return among.toSorted((a, b) => plays(a) - plays(b) || a.startedAt - b.startedAt)[0] ?? null;
  }

  /** Strophe says who it is only when it signs in. */
  #recognise(session: Playing, plain: string, at: number): void {
    const user = this.#options.base64(plain.trim()).split("\0")[1] ?? "";
    const { recorded } = session;
    const alias = this.#aliases.of(user, recorded.agent);
    session.rename = (text) => inClientsWords(text, alias);
    const part = alias?.recorded ?? user;
    if (recorded.agent === part) return;
    const own = this.#here(recorded, recorded.transport).filter(({ agent }) => agent === part);
    const better = this.#choose(own, part);
    if (better === null) return;
    this.#count(recorded, -1);
    this.#count(better, 1);
    session.adopt(better, at);
    this.#told(session);
  }

  #count(recorded: RecordedSession, more: number): void {
    this.#plays.set(recorded, (this.#plays.get(recorded) ?? 0) + more);
  }

  #told({ options, recorded }: Playing): void {
    const { sid, tell } = options;
    tell({ kind: "session-started", sid, recorded: recorded.sid, agent: recorded.agent });
  }

  #askCall(id: number, came: Asked, at: number): void {
    const alias = this.#aliases.of(this.#userOf(came));
    const asked = {
      ...came,
      path: inRecordedWords(came.path, alias),
      body: inRecordedWords(came.body, alias),
    };
    const session = this.#sessionFor(asked.path);
    if (session !== null) session.makesCalls = true;
    const { speed } = this.#options;
    const position =
      session?.positionAt(at) ?? this.#recording.startedAt + (at - (this.#startedAt ?? at)) * speed;
    const call = this.#book.find(asked, position);
    if (call === null)
      return this.#refuse(id, at, 404, came, "no such request is in the recording");
    this.#change(call, asked, at);
    const { end } = call;
    if (end.kind !== "answered" && end.kind !== "cut") return;
    const due = at + Math.max(0, end.at - call.sentAt) / speed;
    if (end.kind === "cut") {
      const { how, begun } = end;
      this.#waiting.push({ at: due, act: { kind: "cut", request: id, how, begun } });
      return;
    }
    const answer = renamedAnswer(this.#onTime(call.path, end.answer, end.at, due), alias);
    this.#waiting.push({ at: due, act: { kind: "answer", request: id, answer } });
  }

  #change(call: TakenExchange, asked: Asked, at: number): void {
    const recorded = call.headers.find(({ name }) => name.toLowerCase() === "requestid")?.value;
    if (recorded === undefined || asked.requestId === null) return;
    const change = { requestId: recorded, at: call.sentAt };
    for (const playing of this.#playing()) playing.changed(change, asked.requestId, at);
  }

  /** The server's clock goes on from where it was, as far off as it was. */
  #onTime(path: string, answer: TakenAnswer, recordedAt: number, at: number): TakenAnswer {
    if (!/\/SystemInfo(?:\?|$)/.test(path)) return answer;
    const later = this.#options.wall(at) - recordedAt;
    const text = new TextDecoder().decode(answer.body);
    const moved = text.replace(
      /(<currentTimestamp>)([^<]+)(<)/,
      (all, start: string, value: string, end: string) => {
        const time = Date.parse(value);
        return Number.isNaN(time) ? all : start + new Date(time + later).toISOString() + end;
      },
    );
    return moved === text ? answer : { ...answer, body: new TextEncoder().encode(moved) };
  }

  /** By the credentials, else by whose resource it is. */
  #userOf({ authorization, path }: Asked): string | null {
    const basic = /^Basic\s+(\S+)/i.exec(authorization)?.[1];
    const user = basic === undefined ? "" : (this.#options.base64(basic).split(":")[0] ?? "");
    return user === "" ? (/\/User\/([^/?]+)/.exec(path)?.[1] ?? null) : user;
  }

  /** The session whose clock a request goes by: its agent's, else the latest. */
  #sessionFor(path: string): Playing | null {
    const agent = /\/User\/([^/?]+)/.exec(path)?.[1];
    const own = this.#playing().findLast(({ recorded }) => recorded.agent === agent);
    return own ?? this.#latest;
  }

  #refuse(id: number, at: number, status: 400 | 404, asked: Asked, why: string): void {
    const what = `${asked.method} ${addressOf(asked)}`;
    this.#options.tell({ kind: "unanswered", what, why });
    const text = `Boshscope playback has no answer for ${what}: ${why}.\n`;
    const answer: TakenAnswer = {
      status,
      reason: status === 400 ? "Bad Request" : "Not Found",
      headers: [
        { name: "Content-Type", value: "text/plain; charset=utf-8" },
        { name: "X-Boshscope-Playback", value: "not in the recording" },
      ],
      body: new TextEncoder().encode(text),
    };
    this.#waiting.push({ at, act: { kind: "answer", request: id, answer } });
  }

  /** Ended sessions are told from unknown ones for a while. */
  #forget(): void {
    const over = [...this.#sessions].filter(([, session]) => session.isOver);
    for (const [sid] of over.slice(0, Math.max(0, over.length - keptEnded)))
      this.#sessions.delete(sid);
  }
}

const keptEnded = 100;

/** Text alone: nobody is named in pictures. */
function renamedAnswer(answer: TakenAnswer, alias: Alias | null): TakenAnswer {
  const type =
    answer.headers.find(({ name }) => name.toLowerCase() === "content-type")?.value ?? "";
  if (alias === null || !/xml|json|text|javascript/.test(type)) return answer;
  const text = new TextDecoder().decode(answer.body);
  const renamed = inClientsWords(text, alias);
  return renamed === text ? answer : { ...answer, body: new TextEncoder().encode(renamed) };
}

/** Without the query, which may hold credentials (makeRequest's `headers`): it goes into the log. */
const addressOf = ({ host, port, path }: Asked): string =>
  `https://${host}:${port}${path.replace(/\?.*/s, "?…")}`;
