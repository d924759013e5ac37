/**
 * Sends one request that a person repeats: a connection of its own, dialled and checked like a client's, with a row that says "replayed".
 * No client is there, so the connection ends with the answer, and nothing of it passes the fault rules.
 */
import { isIP, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { certificateRefusal } from "./certificate-policy.ts";
import { ConnectionEnd } from "./connection-end.ts";
import { ConnectionReport, type Context } from "./context.ts";
import { ignore } from "./dial.ts";
import { ExchangeTap } from "./exchange-tap.ts";
import { type Leg, resetNow } from "./leg.ts";
import { closeReasonOf, dialFailure } from "./socket-close.ts";
import type { Target } from "./target.ts";

export interface RepeatedRequest extends Target {
  readonly secure: boolean;
  readonly bytes: Uint8Array;
  /** Then it is given up. */
  readonly withinMs: number;
}

export interface Sent {
  /** Number of the exchange it made. */
  readonly exchange: number;
  /** The answer's body as it came, at most `answerKept` bytes; empty when there was none. With its secrets: never to be shown. */
  readonly body: Uint8Array;
}

const answerKept = 256 * 1024;

export function sendAgain(
  context: Context,
  connection: number,
  request: RepeatedRequest,
): Promise<Sent> {
  return new Promise((resolve) => new Repetition(context, connection, request, resolve));
}

type Failure = Parameters<ExchangeTap["failOpen"]>[0];

class Repetition {
  readonly #context: Context;
  readonly #request: RepeatedRequest;
  readonly #report: ConnectionReport;
  readonly #end: ConnectionEnd;
  readonly #tap: ExchangeTap;
  readonly #done: (sent: Sent) => void;
  readonly #timer: NodeJS.Timeout;
  #leg: Leg;
  #exchange = 0;
  readonly #body: Uint8Array[] = [];
  #bodyLength = 0;
  #isOver = false;

  constructor(
    context: Context,
    connection: number,
    request: RepeatedRequest,
    done: (sent: Sent) => void,
  ) {
    this.#context = context;
    this.#request = request;
    this.#done = done;
    const { host, port, secure, bytes } = request;
    const { nextExchange, bodyLimit } = context;
    const at = context.mono();
    this.#report = new ConnectionReport(context, connection);
    this.#end = new ConnectionEnd(context, this.#report);
    this.#report.event({ kind: "connection-opened", connection, at, address: "", port: 0 });
    this.#report.facts({ host, port, reason: "sent again by a person" });
    this.#report.mode(secure ? "intercepted" : "plain");
    const emit: Context["emit"] = (event) => {
      context.emit(event);
      if (event.kind === "request-head") this.#begun(event.exchange);
      if (event.kind === "response-body") this.#keep(event.bytes);
      // Not from within the tap, which has more to say of this chunk.
      if (event.kind === "response-end") queueMicrotask(() => this.#finish());
    };
    const target = { host, port };
    this.#tap = new ExchangeTap({ connection, target, secure, emit, nextExchange, bodyLimit });
    // Told before it is sent, so that a row shows what was tried.
    this.#tap.chunk("client", bytes, at, true);
    const timeout = { cause: "timeout", blame: "boshscope", detail: "no answer in time" } as const;
    this.#timer = setTimeout(() => this.#fail(timeout), request.withinMs);
    this.#leg = context.dial(target, (error) => {
      if (error === null) this.#dialled();
      else this.#fail({ ...dialFailure(error), phase: "connect" });
    });
    context.track(this.#leg.raw);
  }

  #begun(exchange: number): void {
    this.#exchange = exchange;
    const at = this.#context.mono();
    this.#context.emit({ kind: "exchange-noted", exchange, at, note: "replayed" });
  }

  #keep(bytes: Uint8Array): void {
    this.#bodyLength += bytes.length;
    if (this.#bodyLength <= answerKept) this.#body.push(bytes.slice());
  }

  #dialled(): void {
    if (this.#isOver) return;
    const { raw, stream } = this.#leg;
    const { remoteAddress = "", remotePort = 0 } = raw;
    const own = {
      cause: "refused-by-boshscope",
      blame: "boshscope",
      detail: "own address",
    } as const;
    if (this.#context.isOurselves(remoteAddress, remotePort))
      return this.#fail({ ...own, phase: "connect" });
    this.#report.facts({ server: { address: remoteAddress, port: remotePort } });
    if (!this.#request.secure) return this.#send(stream);
    const { host } = this.#request;
    const secured = connectTls({
      socket: stream,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      secureContext: this.#context.serverContext,
      rejectUnauthorized: false,
    });
    this.#leg = { stream: secured, raw };
    if (this.#context.keylog !== null) secured.on("keylog", this.#context.keylog);
    this.#watch(secured);
    secured.once("secureConnect", () => this.#secured(secured));
  }

  /** Credentials go out here: only to a server that a client's would go to. */
  #secured(stream: TLSSocket): void {
    const certificate = this.#context.endpoints.learn(this.#request, stream);
    this.#report.facts({ certificate });
    const refusal = certificateRefusal(this.#context, certificate);
    if (refusal !== null) return this.#fail({ ...refusal, blame: "boshscope", phase: "tls" });
    this.#write(stream);
  }

  #send(stream: Socket): void {
    this.#watch(stream);
    this.#write(stream);
  }

  #write(stream: Socket): void {
    if (this.#isOver) return;
    this.#end.count("client", this.#request.bytes.length);
    stream.write(this.#request.bytes);
    this.#tap.flushed("server", this.#context.mono());
    stream.on("data", (bytes: Buffer) => {
      if (this.#isOver) return;
      this.#end.count("server", bytes.length);
      this.#tap.chunk("server", bytes, this.#context.mono(), false);
    });
    stream.resume();
  }

  #watch(stream: Socket): void {
    stream.on("error", (error) => {
      if (this.#isOver) return;
      this.#tap.broken("server", closeReasonOf(error), this.#context.mono());
      this.#end.leg("server", "peer", closeReasonOf(error).how, closeReasonOf(error));
      this.#finish();
    });
    stream.once("end", () => {
      if (this.#isOver) return;
      this.#tap.ended("server", this.#context.mono());
      this.#end.leg("server", "peer", "fin");
      this.#finish();
    });
  }

  #fail(failure: Failure): void {
    if (this.#isOver) return;
    this.#tap.failOpen(failure, this.#context.mono());
    this.#finish();
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#leg.stream.on("error", ignore);
    this.#leg.raw.on("error", ignore);
    this.#end.leg("server", "boshscope", "reset");
    // A later turn: a reset from inside the TLS engine's own callback ends the process.
    setImmediate(() => resetNow(this.#leg));
    this.#end.finish();
    this.#done({ exchange: this.#exchange, body: Buffer.concat(this.#body) });
  }
}
