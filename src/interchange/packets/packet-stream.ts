/** One TCP connection of a packet capture: what it carries, and how it ended, told as the proxy would have told it. */
import type { Side } from "../../domain/capture-event.ts";
import { type ConnectionPlace, ConnectionTeller, type Failure } from "./connection-teller.ts";
import type { PacketRow } from "./packet-row.ts";
import { type Make, PacketTap } from "./packet-tap.ts";

/** What streams know of each other. */
export interface Wire {
  bodyLimit(): number;
  push(stream: PacketStream, at: number, index: number, make: Make): void;
  /** A name for an address, out of TLS, CONNECT or DNS. */
  nameOf(address: string): string | null;
  name(address: string, host: string): void;
  /** A client asked a proxy for a connection. */
  asked(stream: PacketStream): void;
  /** That port served web traffic, or is known for it. */
  isWeb(port: number): boolean;
}

interface End {
  readonly address: string;
  readonly port: number;
}

/**
 * silent: nothing said yet · asking: CONNECT sent, no answer yet · hello: TLS begun · http: read by the tap · opaque: TLS that can't be
 * decrypted, or HTTP/2 · other: none of ours
 */
type State = "silent" | "asking" | "hello" | "http" | "opaque" | "other";

/** Alerts by which a client says that it does not trust the certificate. */
const distrust = new Set([42, 43, 44, 45, 46, 48]);
const methodLine = /^[A-Z]{3,20} [^\s]+ HTTP\/1\.[01]\r?\n/;

export class PacketStream {
  readonly client: End;
  readonly server: End;
  readonly #wire: Wire;
  #state: State = "silent";
  #openedAt: number;
  #connectedAt: number | null = null;
  #host: string | null = null;
  #target: { readonly host: string; readonly port: number } | null = null;
  #tap: PacketTap | null = null;
  #isTls = false;
  readonly #teller: ConnectionTeller;
  /** Records of the client's that should have been readable. */
  #sealed = 0;
  #isHandshakeOver = false;
  #alert: { readonly from: Side; readonly number: number } | null = null;
  /** Next byte expected in what is not TLS. */
  readonly #next: Record<Side, number | null> = { client: null, server: null };
  readonly #closed: Record<Side, boolean> = { client: false, server: false };
  readonly #bytes: Record<Side, number> = { client: 0, server: 0 };
  #isOver = false;
  #syns: number[] = [];
  isHttp2 = false;
  /** The same traffic on the other side of a proxy. */
  twin: PacketStream | null = null;

  /** By the first packet seen; without a SYN, the end with the port of a server is taken for the server. */
  constructor(first: PacketRow, wire: Wire) {
    const { from, to, isSyn, isAck, at } = first;
    const isFromServer = isSyn
      ? isAck
      : wire.isWeb(from.port) && (!wire.isWeb(to.port) || from.port < to.port);
    [this.client, this.server] = isFromServer ? [to, from] : [from, to];
    this.#wire = wire;
    this.#openedAt = at;
    this.#teller = new ConnectionTeller((when, index, make) => wire.push(this, when, index, make));
  }

  get state(): State {
    return this.#state;
  }

  /** Where a proxy was asked to connect to; null = this is no connection to a proxy. */
  get target(): { readonly host: string; readonly port: number } | null {
    return this.#target;
  }

  get openedAt(): number {
    return this.#openedAt;
  }

  take(packet: PacketRow): void {
    const { from, at } = packet;
    if (packet.unreachable !== null) return this.#unreachable(packet.unreachable, at);
    const side: Side =
      from.port === this.client.port && from.address === this.client.address ? "client" : "server";
    if (packet.isSyn) this.#syn(side, packet);
    if (packet.serverName !== null) this.#named(packet.serverName);
    if (packet.isTls) this.#tls(side, packet);
    if (!packet.isRepeated) this.#bytes[side] += packet.length;
    for (const bytes of packet.data) this.#data(side, bytes, packet);
    if (packet.isReset) this.#leave(side, "reset", at);
    else if (packet.isFin) this.#leave(side, "fin", at);
  }

  /** Nothing more will come: attempts that nobody answered are told, and sealed connections that nobody ended. */
  end(): void {
    if (this.#state === "hello" && this.#sealed > 0) this.#seal(this.#openedAt);
    if (this.isUnanswered) this.#teller.begin(this.#connection, this.#openedAt);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** It carried HTTP that was read. */
  get isRead(): boolean {
    return this.#tap !== null;
  }

  get isTls(): boolean {
    return this.#isTls;
  }

  get isUnanswered(): boolean {
    return this.#connectedAt === null && this.#syns.length > 0 && !this.#isOver;
  }

  /** The client stopped asking: twice the last pause has passed. */
  giveUp(now: number): void {
    const [last = 0, before = 0] = this.#syns.toReversed();
    if (!this.isUnanswered || this.#syns.length < 2 || now < last + 2 * (last - before)) return;
    const detail = `no answer to ${this.#syns.length} SYNs`;
    this.#fail({ phase: "connect", cause: "timeout", blame: "network", detail }, now);
    this.#finish(now);
  }

  /** On a connection that stands, ICMP changes nothing: TCP sends again. */
  #unreachable(what: "port" | "host", at: number): void {
    if (!this.isUnanswered || !this.#isOfInterest) return;
    const detail = `ICMP ${what} unreachable`;
    if (what === "port")
      this.#fail({ phase: "connect", cause: "refused", blame: "server", detail }, at);
    else this.#fail({ phase: "connect", cause: "unreachable", blame: "network", detail }, at);
    this.#finish(at);
  }

  #syn(side: Side, { at, isAck }: PacketRow): void {
    if (isAck) {
      this.#connectedAt ??= at;
      return;
    }
    if (side === "client") this.#syns.push(at);
    // A second one: whoever watches this connection should know that it hangs.
    if (this.#syns.length === 2 && this.#isOfInterest) this.#teller.begin(this.#connection, at);
  }

  get #isOfInterest(): boolean {
    return this.#target !== null || this.twin !== null || this.#wire.isWeb(this.server.port);
  }

  #named(host: string): void {
    this.#host = host;
    if (this.#target === null) this.#wire.name(this.server.address, host);
  }

  #tls(side: Side, packet: PacketRow): void {
    if (this.#state === "silent") this.#state = "hello";
    this.#isTls = true;
    if (packet.alert !== null) this.#alert ??= { from: side, number: packet.alert };
    const finished = 20;
    if (packet.handshake.includes(finished) && side === "client") this.#isHandshakeOver = true;
    const isSealed = packet.hasRecord && packet.data.length === 0 && packet.handshake.length === 0;
    if (this.#state !== "hello" || !isSealed || packet.alert !== null || side === "server") return;
    this.#sealed++;
    // The first may be the end of the handshake.
    if (this.#sealed === 2 && !this.#isHandshakeOver) this.#seal(packet.at);
  }

  #seal(at: number): void {
    this.#state = "opaque";
    this.#teller.tunnel(this.#connection, at);
  }

  #data(side: Side, bytes: Buffer, packet: PacketRow): void {
    const { at, isTls } = packet;
    if (this.#state === "silent" && !isTls) this.#first(side, bytes, packet);
    else if (this.#state === "hello" && isTls) this.#decrypted(bytes, at);
    else if (this.#state === "asking" && side === "server") return this.#answered(bytes, at);
    if (this.#tap === null || this.#state !== "http") return;
    if (!isTls && !this.#isNext(side, packet)) return;
    this.#tap.chunk(side, bytes, at);
  }

  #first(side: Side, bytes: Buffer, { at }: PacketRow): void {
    const start = bytes.toString("latin1", 0, 2048);
    const asked = /^CONNECT ([^\s:]+|\[[^\]]+\]):(\d{1,5}) HTTP/.exec(start);
    if (side === "client" && asked !== null) {
      this.#target = { host: asked[1]?.replace(/^\[|\]$/g, "") ?? "", port: Number(asked[2]) };
      this.#host = this.#target.host;
      this.#openedAt = at;
      this.#state = "asking";
      this.#wire.asked(this);
    } else if (side === "client" && methodLine.test(start)) {
      const named = /^[A-Z]+ \/[^\n]*\n(?:[^\n]+\n)*?host:[ \t]*([^\s:]+)/i.exec(start)?.[1];
      if (named !== undefined) this.#named(named);
      this.#read(false, at);
    } else this.#state = "other";
  }

  /** What the proxy said to CONNECT. */
  #answered(bytes: Buffer, at: number): void {
    const status = /^HTTP\/1\.[01] (\d{3}[^\r\n]*)/.exec(bytes.toString("latin1", 0, 200))?.[1];
    if (status?.startsWith("2") === true) {
      this.#state = "silent";
      this.#connectedAt = at;
    } else {
      const detail = status ?? "no answer";
      this.#fail({ phase: "connect", cause: "upstream-proxy", blame: "network", detail }, at);
    }
  }

  #decrypted(bytes: Buffer, at: number): void {
    this.isHttp2 = bytes.toString("latin1", 0, 5) === "PRI *";
    if (this.isHttp2) this.#seal(at);
    else this.#read(true, at);
  }

  #read(secure: boolean, at: number): void {
    this.#state = "http";
    this.#teller.begin(this.#connection, at);
    this.#teller.reads(secure, at);
    this.#tap = new PacketTap({
      secure,
      ...this.#place,
      bodyLimit: this.#wire.bodyLimit(),
      tell: (when, index, make) => this.#wire.push(this, when, index, make),
    });
  }

  /** Bytes that are missing can't be made up: from there on that connection is not read. */
  #isNext(side: Side, { seq, length, at, isRepeated }: PacketRow): boolean {
    if (isRepeated) return false;
    const expected = this.#next[side] ?? seq;
    if (seq === expected) {
      this.#next[side] = seq + length;
      return true;
    }
    if (seq > expected) {
      this.#state = "other";
      this.#tap?.unparsed(side, null, "packets are missing in the capture", at);
    }
    return false;
  }

  get #place(): { readonly host: string; readonly port: number } {
    const { address, port } = this.server;
    const host = this.#host ?? this.#wire.nameOf(address) ?? address;
    return this.#target ?? { host, port };
  }

  get #connection(): ConnectionPlace {
    // Behind a proxy, the browser's own end is on the other connection.
    const asker = this.twin?.target == null ? this : this.twin;
    return {
      ...this.#place,
      openedAt: this.#openedAt,
      client: asker.client,
      server: this.#target === null ? this.server : null,
      serverName: this.#isTls ? this.#host : null,
      connectedAt: this.#connectedAt,
      isTls: this.#isTls,
    };
  }

  #leave(side: Side, how: "fin" | "reset", at: number): void {
    if (this.#isOver || this.#closed[side]) return;
    this.#closed[side] = true;
    const by = how === "reset" ? "RST" : "FIN";
    const detail = `${by} from the ${side}`;
    if (this.#state === "http")
      this.#tap?.ended(side, how === "reset" ? "reset" : "closed-early", detail, at);
    else this.#leftEarly(side, how, detail, at);
    this.#teller.left(side, how, at);
    if (how === "reset" || (this.#closed.client && this.#closed.server)) this.#finish(at);
  }

  /** Before any HTTP. A handshake that was over, or nothing said at all: a connection kept ready and not needed. */
  #leftEarly(side: Side, how: "fin" | "reset", detail: string, at: number): void {
    if (this.#state === "hello" && this.#sealed > 0 && !this.#isHandshakeOver) this.#seal(at);
    if (this.#state === "opaque" || this.#state === "other" || this.#teller.hasRow) return;
    if (this.#state === "hello") {
      if (!this.#isHandshakeOver) this.#failedHandshake(side, detail, at);
      return;
    }
    if (this.#state === "asking") {
      const cause = how === "reset" ? "reset" : "closed-early";
      this.#fail({ phase: "connect", cause, blame: side, detail }, at);
    } else if (side === "server" && how === "reset" && this.#connectedAt === null)
      this.#refused(at);
  }

  #refused(at: number): void {
    const detail = "RST to SYN";
    if (this.#isOfInterest)
      this.#fail({ phase: "connect", cause: "refused", blame: "server", detail }, at);
  }

  #failedHandshake(side: Side, detail: string, at: number): void {
    const alert = this.#alert;
    if (alert === null)
      return this.#fail({ phase: "tls", cause: "tls-failed", blame: side, detail }, at);
    const isDistrust = alert.from === "client" && distrust.has(alert.number);
    const cause = isDistrust ? "tls-untrusted" : "tls-alert";
    const { from: blame, number } = alert;
    this.#fail({ phase: "tls", cause, blame, detail: `alert ${number}`, alert: number }, at);
  }

  #fail(failure: Failure, at: number): void {
    this.#teller.fail(this.#connection, failure, at);
    this.#state = "other";
  }

  #finish(at: number): void {
    this.#isOver = true;
    this.#teller.finish(this.#bytes, at);
  }
}
