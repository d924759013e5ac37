/** What the frames of an XMPP WebSocket (RFC 7395) mean: a session from open to close, its agent, pings, the latest event. */
import type { StoredFrame } from "../domain/recording.ts";
import { frameLabel } from "../finesse/event-label.ts";
import { contentOfStanza } from "../finesse/notifications.ts";
import { readFrame } from "../xmpp/read-frame.ts";
import type { Stanza } from "../xmpp/stanza.ts";
import type { ContentMeaning } from "./content-meaning.ts";
import { endedByServer } from "./observed.ts";
import type { OpenExchange } from "./open-exchange.ts";
import { remember } from "./remember.ts";
import type { Timelines } from "./timelines/timelines.ts";
import type { TrackedSession } from "./timelines/tracked-session.ts";

const opcodes = { text: 1, close: 8, ping: 9 } as const;

type StanzaOf<Kind extends Stanza["kind"]> = Extract<Stanza, { kind: Kind }>;

export class WebSocketMeaning {
  readonly #timelines: Timelines;
  readonly #contents: ContentMeaning;
  readonly #sessions = new Map<number, TrackedSession>();

  constructor(timelines: Timelines, contents: ContentMeaning) {
    this.#timelines = timelines;
    this.#contents = contents;
  }

  /** A message, or a control frame, with its secrets replaced. `at`: monotonic. Returns what it says in a few words. */
  heard(exchange: OpenExchange, frame: StoredFrame, at: number): string | null {
    const event = frame.opcode === opcodes.text ? this.#text(exchange, frame, at) : null;
    if (event !== null) exchange.event = event;
    this.#settle(exchange, frame, at);
    return event;
  }

  #settle(exchange: OpenExchange, frame: StoredFrame, at: number): void {
    const session = this.#sessions.get(exchange.number);
    if (session === undefined) return;
    if (frame.opcode === opcodes.ping) session.pings += 1;
    if (frame.opcode === opcodes.close) this.#close(session, exchange, frame, at);
    session.quietSince = new Date(frame.atWall).toISOString();
    exchange.agent = session.agent ?? exchange.agent;
    exchange.sid = session.sid ?? exchange.sid;
    this.#timelines.settle(session, exchange.number, at);
  }

  /** The connection is gone. */
  closed(exchange: OpenExchange, at: number): void {
    const session = this.#sessions.get(exchange.number);
    if (session === undefined) return;
    this.#sessions.delete(exchange.number);
    if (!session.isAlive) return;
    const ending = exchange.failure?.cause ?? "closed without close";
    session.failures += 1;
    session.end("terminated", ending, at);
    this.#timelines.tell(
      session,
      { kind: "session-ended", exchange: exchange.number, detail: ending },
      at,
    );
    this.#timelines.touch(session);
  }

  #text(exchange: OpenExchange, frame: StoredFrame, at: number): string | null {
    if (frame.body === null || frame.cut) return null;
    const stanza = readFrame(Buffer.from(frame.body).toString("utf8"));
    if (stanza === null) return null;
    if (stanza.kind === "unparseable") {
      exchange.notes.add("xml-unreadable");
      return `unreadable at ${stanza.at}: ${stanza.reason}`;
    }
    const session = this.#sessionFor(exchange, stanza, frame, at);
    if (session === null) return null;
    const content = contentOfStanza(stanza);
    const event = frameLabel(content, this.#contents.states);
    if (frame.from === "client") {
      session.requests += 1;
      this.#sent(session, stanza);
    } else {
      this.#received(session, exchange, stanza, at);
      this.#contents.heard(exchange, [content], at);
    }
    if (stanza.kind === "iq" && stanza.payload.kind === "ping") session.pings += 1;
    if (stanza.kind === "close") this.#leave(session, exchange, frame.from, at);
    return event;
  }

  /** null: frames before any `<open/>` are no XMPP of ours. */
  #sessionFor(
    exchange: OpenExchange,
    stanza: Stanza,
    frame: StoredFrame,
    at: number,
  ): TrackedSession | null {
    const known = this.#sessions.get(exchange.number);
    if (known !== undefined) return known;
    if (stanza.kind !== "open" || frame.from !== "client") return null;
    const { host, port } = exchange.target;
    const session = this.#timelines.begin(
      { transport: "websocket", host, port, mono: at },
      exchange.number,
    );
    exchange.notes.add("session-created");
    remember(this.#sessions, exchange.number, session);
    return session;
  }

  #sent(session: TrackedSession, stanza: Stanza): void {
    if (isStanza(stanza)) session.stanzasToServer += 1;
  }

  #received(session: TrackedSession, exchange: OpenExchange, stanza: Stanza, at: number): void {
    if (isStanza(stanza)) session.stanzasToClient += 1;
    if (stanza.kind === "open") {
      session.sid = stanza.id ?? session.sid;
      if (session.phase === "creating") session.phase = "open";
    }
    if (stanza.kind === "iq") this.#bound(session, exchange, stanza, at);
    if (stanza.kind === "sasl" && stanza.step === "failure") {
      exchange.notes.add("auth-failed");
      this.#tell(session, exchange, "authentication-failed", stanza.condition, at);
    }
    if (stanza.kind !== "stream-error") return;
    exchange.notes.add("stream-error");
    for (const note of endedByServer(stanza.condition)) exchange.notes.add(note);
    this.#end(session, exchange, `stream error ${stanza.condition}`, at);
  }

  #bound(
    session: TrackedSession,
    exchange: OpenExchange,
    { payload }: StanzaOf<"iq">,
    at: number,
  ): void {
    if (payload.kind !== "bind" || payload.jid === null) return;
    session.jid = payload.jid;
    exchange.notes.add("session-bound");
    this.#timelines.settle(session, exchange.number, at);
    if (session.failover) exchange.notes.add("failover");
    else if (session.previous !== null) exchange.notes.add("reconnect");
    this.#tell(session, exchange, "session-bound", payload.jid, at);
    if (session.agent !== null)
      this.#timelines.connectionOf(session.agent, exchange.connection, "jid", at);
  }

  #leave(
    session: TrackedSession,
    exchange: OpenExchange,
    by: "client" | "server",
    at: number,
  ): void {
    if (!session.isAlive) return;
    session.isLeave = by === "client";
    exchange.notes.add("terminate");
    exchange.notes.add(by === "client" ? "ended-by-client" : "ended-by-server");
    this.#end(session, exchange, by === "client" ? "close by client" : "close", at);
  }

  #close(session: TrackedSession, exchange: OpenExchange, frame: StoredFrame, at: number): void {
    if (!session.isAlive) return;
    const { body } = frame;
    const code = body !== null && body.length >= 2 ? (body[0] ?? 0) * 256 + (body[1] ?? 0) : null;
    session.isLeave = frame.from === "client" && code === 1000;
    // 1001: the page goes away. 1005: its code gave no reason, as Strophe's and ours do.
    const isGoodbye = frame.from === "client" && (code === null || code <= 1001 || code === 1005);
    if (frame.from === "server") exchange.notes.add("ended-by-server");
    else if (isGoodbye) exchange.notes.add("ended-by-client");
    const by = frame.from === "client" ? " by client" : "";
    this.#end(session, exchange, `close${code === null ? "" : ` ${code}`}${by}`, at);
  }

  #end(session: TrackedSession, exchange: OpenExchange, ending: string, at: number): void {
    session.end("terminated", ending, at);
    this.#tell(session, exchange, "session-ended", ending, at);
  }

  #tell(
    session: TrackedSession,
    exchange: OpenExchange,
    kind: "session-ended" | "session-bound" | "authentication-failed",
    detail: string | null,
    at: number,
  ): void {
    this.#timelines.tell(session, { kind, exchange: exchange.number, detail }, at);
  }
}

const isStanza = ({ kind }: Stanza): boolean =>
  kind === "message" || kind === "presence" || kind === "iq";
