/**
 * One decrypted tunnel from first byte to last: reads the client's hello, shakes hands on both legs, then relays and watches.
 * The server is dialled at once; the client's handshake waits for the server's certificate (its names go into ours), 2 s at most.
 */
import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Side } from "../domain/capture-event.ts";
import type { Blame } from "../domain/exchange.ts";
import { certificateRefusal, refuseByPage } from "./certificate-policy.ts";
import { distrustOf } from "./client-distrust.ts";
import { type ClientHello, readClientHello } from "./client-hello.ts";
import { ConnectionEnd } from "./connection-end.ts";
import type { ConnectionReport, Context } from "./context.ts";
import { ignore } from "./dial.ts";
import { ExchangeTap } from "./exchange-tap.ts";
import type { ConnectionGate } from "./gate/connection-gate.ts";
import { brokenTls, handshakeFailure, tellBrokenTls } from "./gate/connection-rules.ts";
import { openGate } from "./gate/open-gate.ts";
import { Holding } from "./holding.ts";
import { type Leg, resetNow } from "./leg.ts";
import { Relay } from "./relay.ts";
import { describeTls, startServerTls } from "./server-leg.ts";
import { type CloseReason, closeReasonOf, dialFailure } from "./socket-close.ts";
import type { Target } from "./target.ts";
import { UnreadBytes } from "./unread-bytes.ts";

/** How long the client's handshake waits to learn the server's names. */
const maxNameWaitMs = 2000;
const tlsHandshake = 0x16;

export class Interception {
  readonly #context: Context;
  readonly #report: ConnectionReport;
  readonly #target: Target;
  readonly #raw: Socket;
  readonly #end: ConnectionEnd;
  readonly #openedAt: number;
  readonly #timing = { serverConnected: null, serverTls: null, clientTls: null } as {
    serverConnected: number | null;
    serverTls: number | null;
    clientTls: number | null;
  };
  #holding: Holding;
  #tap: ExchangeTap | null = null;
  #gate: ConnectionGate | null = null;
  #broken: ReturnType<typeof brokenTls> = null;
  #hello: ClientHello | null = null;
  #tcp: Leg | null = null;
  #serverTcpOpen = false;
  #server: Leg | null = null;
  #serverReady = false;
  #client: Leg | null = null;
  #nameWait: NodeJS.Timeout | null = null;
  #over = false;

  constructor(context: Context, report: ConnectionReport, target: Target, raw: Socket) {
    this.#context = context;
    this.#report = report;
    this.#target = target;
    this.#raw = raw;
    this.#openedAt = context.mono();
    this.#end = new ConnectionEnd(context, report);
    this.#holding = new Holding(raw, {
      chunk: (bytes) => {
        if (this.#tap !== null) return this.#held(this.#tap, bytes);
        this.#onFirstBytes();
        return false;
      },
      ended: () =>
        this.#clientLeft({ how: "failed", alert: null, detail: "FIN before any request" }, "fin"),
      failed: (reason) => this.#clientLeft(reason, reason.how),
    });
    this.#tcp = context.dial(target, (error) => this.#onDialled(error));
    context.track(this.#tcp.raw);
  }

  #since(): number {
    return this.#context.mono() - this.#openedAt;
  }

  #onDialled(error: Error | null): void {
    if (this.#over) return;
    if (error !== null) return this.#serverUnreachable(error);
    const tcp = this.#tcp;
    if (tcp === null) return;
    this.#serverTcpOpen = true;
    this.#timing.serverConnected = this.#since();
    const { remoteAddress = "", remotePort = 0 } = tcp.raw;
    if (this.#context.isOurselves(remoteAddress, remotePort)) return this.#refuseOwn(tcp);
    this.#report.facts({
      server: { address: remoteAddress, port: remotePort },
      timing: { ...this.#timing },
    });
    this.#startServer();
  }

  #refuseOwn(tcp: Leg): void {
    this.#report.error("own-address", `${this.#target.host} is this Boshscope`);
    resetNow(tcp);
    this.#fail("connect", "refused-by-boshscope", "boshscope", "own address");
  }

  #serverUnreachable(error: Error): void {
    const { cause, name, blame, detail } = dialFailure(error);
    this.#report.error(name, detail);
    this.#fail("connect", cause, blame, detail);
  }

  /** Client bytes before anything is decided: a ClientHello, plain HTTP, or something else. */
  #onFirstBytes(): void {
    const chunks = this.#holding.chunks;
    const first = chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
    if (first[0] !== tlsHandshake) return this.#startPlain();
    const hello = readClientHello(first);
    if (hello === "more") return;
    if (hello === null) {
      this.#report.error("not-tls", "the first record is no ClientHello");
      return this.#fail("tls", "tls-failed", "client", "no ClientHello");
    }
    this.#hello = hello;
    this.#report.facts({ sni: hello.serverName, alpnOffered: hello.protocols });
    this.#broken = brokenTls(this.#context, this.#target);
    if (this.#broken?.towards === "client") return this.#breakTls(this.#broken, this.#raw);
    // The hello goes back in front of the socket for the TLS engine; nothing may read it meanwhile.
    this.#holding.release();
    this.#raw.pause();
    this.#raw.unshift(first);
    this.#raw.on("error", this.#onRawError);
    this.#startServer();
    const known = this.#context.endpoints.of(this.#target).certificate;
    if (known !== null) this.#startClient();
    else this.#nameWait = setTimeout(() => this.#startClient(), maxNameWaitMs);
  }

  #breakTls(broken: NonNullable<ReturnType<typeof brokenTls>>, socket: Socket): void {
    socket.write(handshakeFailure);
    const of = { context: this.#context, report: this.#report, target: this.#target };
    tellBrokenTls(of, this.#end, broken);
    // A later turn: the alert is to arrive before the end.
    setImmediate(() => this.#fail("tls", "fault-rule", "fault-rule", broken.rule));
  }

  readonly #onRawError = (error: Error): void => {
    if (this.#client === null) this.#clientLeft(closeReasonOf(error), closeReasonOf(error).how);
  };

  /** Not TLS: HTTP in the clear, or a protocol of its own; relayed as it is, watched as HTTP/1. */
  #startPlain(): void {
    this.#report.mode("plain");
    this.#client = { stream: this.#raw, raw: this.#raw };
    const tap = this.#createTap(false);
    this.#tap = tap;
    this.#holding.keep((bytes) => this.#held(tap, bytes));
    if (this.#serverTcpOpen) this.#plainReady();
  }

  #plainReady(): void {
    this.#server = this.#tcp;
    this.#serverReady = true;
    this.#join();
  }

  #startServer(): void {
    if (!this.#serverTcpOpen || this.#server !== null || this.#tcp === null) return;
    if (this.#client !== null && this.#hello === null) return this.#plainReady();
    if (this.#hello === null || this.#over) return;
    if (this.#broken?.towards === "server") {
      this.#server = this.#tcp;
      return this.#breakTls(this.#broken, this.#tcp.raw);
    }
    const stream = startServerTls(this.#context, this.#target, this.#tcp, this.#hello);
    const leg = { stream, raw: this.#tcp.raw };
    this.#server = leg;
    const onError = (error: Error): void => this.#serverTlsFailed(closeReasonOf(error));
    const onEnd = (): void =>
      this.#serverTlsFailed({ how: "failed", alert: null, detail: "FIN during the TLS handshake" });
    stream.once("error", onError).once("end", onEnd);
    // A FIN that came before TLS began was read by the TCP socket; the TLS engine never hears of it.
    if (this.#tcp.raw.readableEnded) return onEnd();
    this.#tcp.raw.once("end", onEnd);
    stream.once("secureConnect", () => {
      stream.off("error", onError).off("end", onEnd);
      this.#onServerSecure(stream);
    });
  }

  #onServerSecure(stream: TLSSocket): void {
    if (this.#over) return;
    this.#timing.serverTls = this.#since();
    const certificate = this.#context.endpoints.learn(this.#target, stream);
    this.#report.facts({
      serverTls: describeTls(stream),
      certificate,
      timing: { ...this.#timing },
    });
    this.#serverReady = true;
    this.#startClient();
    this.#join();
  }

  #serverTlsFailed(reason: CloseReason): void {
    if (this.#over) return;
    this.#report.error(
      reason.how === "reset" ? "server-reset" : "tls-server-failed",
      reason.detail,
      reason.alert,
    );
    const cause =
      reason.how === "reset" ? "reset" : reason.how === "tls-alert" ? "tls-alert" : "tls-failed";
    this.#end.leg("server", "peer", reason.how, reason);
    this.#fail("tls", cause, "server", reason.detail, reason.alert);
  }

  #startClient(): void {
    if (this.#nameWait !== null) clearTimeout(this.#nameWait);
    if (this.#over || this.#client !== null || this.#hello === null) return;
    const hello = this.#hello;
    const { host, port } = this.#target;
    const names = this.#context.endpoints.of(this.#target).certificate?.altNames ?? [];
    const asked = hello.serverName === null || hello.serverName === host ? [] : [hello.serverName];
    const leaf = this.#context.authority.leafFor(host, port, [...names, ...asked]);
    const protocols = hello.protocols.filter((protocol) => protocol !== "h2");
    const offered =
      hello.protocols.length === 0 ? [] : protocols.length > 0 ? protocols : ["http/1.1"];
    const stream = new TLSSocket(this.#raw, {
      isServer: true,
      secureContext: leaf.secureContext,
      ...(offered.length > 0 ? { ALPNProtocols: offered } : {}),
    });
    this.#client = { stream, raw: this.#raw };
    if (this.#context.keylog !== null) stream.on("keylog", this.#context.keylog);
    this.#report.mode("intercepted");
    this.#report.facts({ shownNames: leaf.names });
    const tap = this.#createTap(true);
    this.#tap = tap;
    stream.once("secure", () => this.#onClientSecure(stream));
    this.#holding = this.#holdClient(stream, tap);
    this.#join();
  }

  #onClientSecure(stream: TLSSocket): void {
    this.#timing.clientTls = this.#since();
    this.#report.facts({ clientTls: describeTls(stream), timing: { ...this.#timing } });
  }

  #createTap(secure: boolean): ExchangeTap {
    const { emit, nextExchange, bodyLimit, faults } = this.#context;
    const { id } = this.#report;
    const target = this.#target;
    const tap = new ExchangeTap({ connection: id, target, secure, emit, nextExchange, bodyLimit });
    if (faults !== null)
      this.#gate = openGate(faults, this.#report, { target, tap, end: this.#end });
    return tap;
  }

  /** True: a rule may concern the bytes, and the gate has them. */
  #held(tap: ExchangeTap, bytes: Buffer): boolean {
    if (this.#gate?.takes("client", bytes) === true) return true;
    this.#end.count("client", bytes.length);
    tap.chunk("client", bytes, this.#context.mono(), true);
    return false;
  }

  #holdClient(stream: Socket, tap: ExchangeTap): Holding {
    return new Holding(stream, {
      chunk: (bytes) => this.#held(tap, bytes),
      ended: () => this.#clientLeft({ how: "failed", alert: null, detail: "FIN" }, "fin"),
      failed: (reason) => this.#clientLeft(reason, reason.how),
    });
  }

  /** Both legs ready: what was held goes on, and from here the relay works alone. */
  #join(): void {
    const { client, server, tap } = { client: this.#client, server: this.#server, tap: this.#tap };
    if (this.#over || client === null || server === null || tap === null || !this.#serverReady)
      return;
    const refusal = certificateRefusal(
      this.#context,
      this.#context.endpoints.of(this.#target).certificate,
    );
    if (refusal !== null && this.#hello !== null) {
      this.#over = true;
      const parts = { client, server, tap, holding: this.#holding, end: this.#end };
      refuseByPage({ ...parts, report: this.#report, context: this.#context }, refusal);
      return;
    }
    this.#over = true;
    const finished = this.#holding.finished;
    const held = this.#holding.release();
    for (const bytes of held) server.stream.write(bytes);
    if (held.length > 0) tap.flushed("server", this.#context.mono());
    tap.unread = new UnreadBytes(server);
    const end = this.#end;
    new Relay({ client, server }, this.#observer(tap, end), this.#context.mono, this.#gate);
    if (finished && this.#gate?.ended("client") !== true) server.stream.end();
    if (!finished) client.stream.resume();
  }

  #observer(tap: ExchangeTap, end: ConnectionEnd): ConstructorParameters<typeof Relay>[1] {
    return {
      chunk: (from: Side, bytes: Buffer, at: number, delayed: boolean) => {
        end.count(from, bytes.length);
        tap.chunk(from, bytes, at, delayed);
      },
      flushed: (to, at) => tap.flushed(to, at),
      ended: (side, at) => {
        if (side === "client") this.#noteDistrust(null);
        tap.ended(side, at);
        end.leg(side, "peer", "fin");
      },
      failed: (side, reason, at) => {
        if (side === "client") this.#noteDistrust(reason);
        tap.broken(side, reason, at);
        end.leg(side, "peer", reason.how, reason);
      },
      closed: (at) => {
        tap.failOpen({ cause: "closed-early", blame: "boshscope", detail: "closed" }, at);
        end.finish();
      },
    };
  }

  /** `reason` null: FIN. */
  #noteDistrust(reason: CloseReason | null): void {
    if (this.#hello === null || this.#timing.clientTls !== null) return;
    const { name, cause, alert, detail } = distrustOf(reason);
    this.#report.error(name, detail, alert);
    this.#end.row(this.#target, { phase: "tls", cause, blame: "client", alert, detail });
  }

  /** The client went away before the server was ready. */
  #clientLeft(reason: CloseReason, how: "fin" | CloseReason["how"]): void {
    if (this.#over) return;
    const at = this.#context.mono();
    if (this.#client !== null) {
      if (how === "fin") this.#noteDistrust(null);
      else this.#noteDistrust(reason);
    } else this.#report.error("client-gone", reason.detail, reason.alert);
    if (this.#tap !== null) {
      if (how === "fin") this.#tap.ended("client", at);
      else this.#tap.broken("client", reason, at);
    }
    this.#end.leg("client", "peer", how, reason);
    // Held bytes may be a whole request from a client that half-closes: they still go on when the server is there.
    if (
      how === "fin" &&
      this.#serverTcpOpen &&
      this.#holding.bytes > 0 &&
      this.#tap?.hasOpen === true
    )
      return;
    this.#over = true;
    this.#closeServer(how === "fin");
    this.#closeClient();
    this.#end.finish();
  }

  #closeServer(politely: boolean): void {
    const tcp = this.#tcp;
    if (tcp === null) return;
    tcp.stream.on("error", ignore);
    this.#server?.stream.on("error", ignore);
    if (politely && this.#serverTcpOpen) tcp.raw.destroy();
    else resetNow(this.#server ?? tcp);
    this.#end.leg("server", "boshscope", politely ? "fin" : "reset");
  }

  #closeClient(): void {
    if (this.#nameWait !== null) clearTimeout(this.#nameWait);
    this.#raw.on("error", ignore);
    this.#client?.stream.on("error", ignore);
    this.#client?.stream.destroy();
    this.#raw.destroy();
  }

  /** The server could not be reached or spoke no TLS: the client gets a reset, never an invented answer. */
  #fail(
    phase: "connect" | "tls",
    cause: Parameters<ExchangeTap["failOpen"]>[0]["cause"],
    blame: Blame,
    detail: string,
    alert: number | null = null,
  ): void {
    if (this.#over) return;
    this.#over = true;
    const at = this.#context.mono();
    const failure = { phase, cause, blame, detail, alert };
    if (this.#tap?.hasOpen === true) this.#tap.failOpen(failure, at);
    else this.#end.row(this.#target, failure);
    if (this.#nameWait !== null) clearTimeout(this.#nameWait);
    this.#tcp?.stream.on("error", ignore);
    this.#server?.stream.on("error", ignore);
    if (this.#tcp !== null) resetNow(this.#server ?? this.#tcp);
    this.#raw.on("error", ignore);
    this.#client?.stream.on("error", ignore);
    resetNow(this.#client ?? { stream: this.#raw, raw: this.#raw });
    this.#end.leg("client", "boshscope", "reset");
    this.#end.finish();
  }
}
