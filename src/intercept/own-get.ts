/**
 * A GET that Boshscope makes itself, on a connection of its own, by the same dial as the proxy's. It leaves a row in the capture with the note
 * "probe", also when no connection came about, and says step by step how far it came. Certificates are not checked: nothing secret is sent.
 */
import { isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import { codeOf } from "../base/errors.ts";
import type { CaptureEvent } from "../domain/capture-event.ts";
import type { OwnGet, OwnStep } from "../domain/vitals.ts";
import type { Context } from "./context.ts";
import { ignore } from "./dial.ts";
import { ExchangeTap } from "./exchange-tap.ts";
import { type Leg, resetNow } from "./leg.ts";
import { closeReasonOf, dialFailure } from "./socket-close.ts";
import type { Target } from "./target.ts";

type Failure = Parameters<ExchangeTap["failOpen"]>[0];

/** The connection's number in the capture: no client's. */
const ownConnection = 0;
const maxBodyText = 65_536;

/** Resolves when the answer is whole, or no further step can be made. */
export function ownGet(context: Context, get: OwnGet): Promise<void> {
  return new Promise((resolve) => new OwnRequest(context, get, resolve));
}

class OwnRequest {
  readonly #context: Context;
  readonly #get: OwnGet;
  readonly #target: Target;
  readonly #done: () => void;
  readonly #tap: ExchangeTap;
  #leg: Leg | null = null;
  #exchange = 0;
  #step: OwnStep["step"] = "tcp";
  #stepAt: number;
  #timer: NodeJS.Timeout;
  #status: number | null = null;
  #body = "";
  #isOver = false;

  constructor(context: Context, get: OwnGet, done: () => void) {
    this.#context = context;
    this.#get = get;
    this.#done = done;
    this.#target = { host: get.host, port: get.port };
    this.#stepAt = context.mono();
    const { nextExchange, bodyLimit } = context;
    const emit = (event: CaptureEvent): void => this.#emit(event);
    const of = { connection: ownConnection, target: this.#target, secure: true };
    this.#tap = new ExchangeTap({ ...of, emit, nextExchange, bodyLimit });
    // Told before it is sent, so that a row shows what was tried; `flushed` says when it went.
    this.#tap.chunk("client", Buffer.from(this.#text(), "latin1"), this.#stepAt, true);
    this.#timer = setTimeout(() => this.#timeout(), get.stepMs);
    this.#leg = context.dial(this.#target, (error) => this.#onDialled(error));
    context.track(this.#leg.raw);
    this.#leg.raw.once("lookup", (error: Error | null, _address, _family, host: string) => {
      // Through a proxy in front of us it is that one's name.
      if (host === get.host && error === null) this.#passed("dns", "tcp");
      else if (host === get.host) this.#step = "dns";
    });
  }

  #text(): string {
    const { host, port, path } = this.#get;
    const name = host.includes(":") ? `[${host}]` : host;
    const authority = port === 443 ? name : `${name}:${port}`;
    return `GET ${path} HTTP/1.1\r\nHost: ${authority}\r\nUser-Agent: Boshscope (probe)\r\nAccept: */*\r\nConnection: close\r\n\r\n`;
  }

  #emit(event: CaptureEvent): void {
    this.#context.emit(event);
    if (event.kind === "request-head") {
      this.#exchange = event.exchange;
      const { exchange, at } = event;
      this.#context.emit({ kind: "exchange-noted", exchange, at, note: "probe" });
    }
    if (event.kind === "response-head") {
      const text = Buffer.from(event.bytes).toString("latin1");
      this.#status = Number(/^HTTP\/[\d.]+ +(\d{3})/.exec(text)?.[1] ?? 0);
    }
    if (event.kind === "response-body" && this.#body.length < maxBodyText)
      this.#body += Buffer.from(event.bytes).toString("utf8");
    // Not from within the tap, which has more to say of this chunk.
    if (event.kind === "response-end") queueMicrotask(() => this.#answered());
  }

  #onDialled(error: Error | null): void {
    if (this.#isOver) return;
    if (error !== null) return this.#fail(error, { ...dialFailure(error), phase: "connect" });
    const leg = this.#leg;
    if (leg === null) return;
    const { remoteAddress = "", remotePort = 0 } = leg.raw;
    if (this.#context.isOurselves(remoteAddress, remotePort))
      return this.#fail(new Error("own address"), {
        cause: "refused-by-boshscope",
        blame: "boshscope",
        detail: "own address",
        phase: "connect",
      });
    this.#passed("tcp", "tls");
    this.#shakeHands(leg);
  }

  #shakeHands(leg: Leg): void {
    const { host } = this.#target;
    const { serverContext: secureContext, keylog } = this.#context;
    const stream = connectTls({
      socket: leg.stream,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      secureContext,
      rejectUnauthorized: false,
    });
    this.#leg = { stream, raw: leg.raw };
    if (keylog !== null) stream.on("keylog", keylog);
    stream.on("error", (error) => this.#broken(error));
    stream.once("end", () => this.#ended());
    leg.raw.once("close", () => this.#ended());
    stream.once("secureConnect", () => {
      if (this.#isOver) return;
      this.#passed("tls", "http");
      stream.write(this.#text(), "latin1");
      this.#tap.flushed("server", this.#context.mono());
    });
    stream.on("data", (bytes: Buffer) => {
      if (!this.#isOver) this.#tap.chunk("server", bytes, this.#context.mono(), false);
    });
  }

  #broken(error: Error): void {
    if (this.#isOver) return;
    const reason = closeReasonOf(error);
    const { how, alert, detail } = reason;
    const cause = how === "failed" ? "tls-failed" : how;
    const inTls = this.#step === "tls" ? { phase: "tls" as const } : {};
    this.#fail(error, { cause, blame: "server", alert, detail, ...inTls });
  }

  #ended(): void {
    if (this.#isOver) return;
    this.#tap.ended("server", this.#context.mono());
    // An answer without a length ends with its connection, and is whole then.
    queueMicrotask(() => {
      const failed = {
        cause: "closed-early",
        blame: "server",
        detail: "FIN from the server",
      } as const;
      this.#fail(Object.assign(new Error("closed"), { code: "ECLOSED" }), failed);
    });
  }

  #timeout(): void {
    const { stepMs } = this.#get;
    const detail = `Boshscope waited ${stepMs} ms and gave up`;
    const inDial = this.#step === "dns" || this.#step === "tcp";
    const phase = inDial ? "connect" : this.#step === "tls" ? "tls" : undefined;
    this.#fail(Object.assign(new Error(detail), { code: "TIMEOUT" }), {
      cause: "timeout",
      blame: "boshscope",
      detail,
      ...(phase === undefined ? {} : { phase }),
    });
  }

  #answered(): void {
    if (this.#isOver) return;
    this.#tell("http", true, null);
    this.#finish();
  }

  #passed(step: OwnStep["step"], next: OwnStep["step"]): void {
    if (this.#isOver) return;
    this.#tell(step, true, null);
    this.#step = next;
    this.#stepAt = this.#context.mono();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#timeout(), this.#get.stepMs);
  }

  #fail(error: Error, failure: Failure): void {
    if (this.#isOver) return;
    this.#tap.failOpen(failure, this.#context.mono());
    this.#tell(this.#step, false, codeOf(error) || failure.cause);
    this.#finish();
  }

  #tell(step: OwnStep["step"], ok: boolean, error: string | null): void {
    const ms = Math.round((this.#context.mono() - this.#stepAt) * 10) / 10;
    const isHttp = step === "http";
    const status = isHttp ? this.#status : null;
    const body = isHttp ? this.#body.slice(0, maxBodyText) : "";
    this.#get.onStep({ step, ok, ms, status, error, exchange: this.#exchange, body });
  }

  #finish(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    if (this.#leg !== null) {
      this.#leg.stream.on("error", ignore);
      this.#leg.raw.on("error", ignore);
      resetNow(this.#leg);
    }
    this.#done();
  }
}
