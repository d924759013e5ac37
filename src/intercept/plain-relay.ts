/**
 * HTTP without TLS, asked for in absolute form (`GET http://host/path`). Only the request line is rewritten, as any proxy must, and the
 * Proxy-* lines addressed to us are taken out; all other bytes pass as sent. One client connection may name several servers in turn.
 */
import type { Socket } from "node:net";
import { maxHeadBytes, maxPipelined } from "../base/limits.ts";
import { Conversation, type ConversationListener } from "../http1/conversation.ts";
import { ConnectionEnd } from "./connection-end.ts";
import type { ConnectionReport, Context } from "./context.ts";
import { ignore } from "./dial.ts";
import { ExchangeTap } from "./exchange-tap.ts";
import { type Leg, resetNow } from "./leg.ts";
import { ourAnswer } from "./our-answer.ts";
import { closeReasonOf, dialFailure } from "./socket-close.ts";
import { parseAbsoluteForm, type Target } from "./target.ts";

interface Piece {
  /** null = body bytes of the request before. */
  readonly target: Target | null;
  readonly original: Uint8Array;
  readonly outgoing: Uint8Array;
}

interface Upstream {
  readonly target: Target;
  readonly leg: Leg;
  /** null = out of scope, not watched. */
  readonly tap: ExchangeTap | null;
  ready: boolean;
}

export interface PlainPolicy {
  /** True when exchanges with that server are captured. */
  readonly captured: (target: Target) => boolean;
  readonly isOwn: (target: Target) => boolean;
  readonly pageAddress: () => string;
}

export class PlainRelay {
  readonly #context: Context;
  readonly #report: ConnectionReport;
  readonly #client: Leg;
  readonly #policy: PlainPolicy;
  readonly #end: ConnectionEnd;
  readonly #routing: Conversation;
  readonly #queue: Piece[] = [];
  #upstream: Upstream | null = null;
  #unanswered = 0;
  #over = false;
  #clientEnded = false;

  constructor(context: Context, report: ConnectionReport, socket: Socket, policy: PlainPolicy) {
    this.#context = context;
    this.#report = report;
    this.#client = { stream: socket, raw: socket };
    this.#policy = policy;
    this.#end = new ConnectionEnd(context, report);
    this.#routing = new Conversation(this.#listener(), {
      bodyLimit: 0,
      maxHead: maxHeadBytes,
      maxPipelined,
    });
    report.mode("plain");
    report.facts({ interference: ["request-line-rewritten"] });
    socket.on("data", (bytes: Buffer) => this.#fromClient(bytes));
    socket.on("end", () => this.#onClientEnd());
    socket.on("error", (error) => this.#onClientError(error));
    socket.resume();
  }

  #listener(): ConversationListener {
    return {
      requestHead: (_index, head, parsed) => this.#route(head, parsed.target),
      requestRaw: (_index, bytes) => this.#push({ target: null, original: bytes, outgoing: bytes }),
      responseEnd: () => {
        this.#unanswered--;
        this.#pump();
      },
      // Bytes after a switch of protocol go where its request went, also those that came before the 101.
      upgradedRaw: (_index, bytes) =>
        this.#push({ target: null, original: bytes, outgoing: bytes }),
      upgraded: ignore,
      unparsed: (from, _index, reason) => {
        if (from === "client" && !this.#over)
          this.#refuse(
            "malformed-request",
            400,
            "Bad Request",
            `The request can't be read: ${reason}.\n`,
          );
      },
      requestBody: ignore,
      requestEnd: ignore,
      informational: ignore,
      responseHead: ignore,
      responseBody: ignore,
      frame: ignore,
    };
  }

  #fromClient(bytes: Buffer): void {
    if (this.#over) return;
    this.#end.count("client", bytes.length);
    this.#routing.fromClient(bytes, this.#context.mono());
  }

  #route(head: Uint8Array, requestTarget: string): void {
    if (this.#over) return;
    const target = parseAbsoluteForm(requestTarget);
    if (target === null) {
      return this.#refuse(
        "malformed-request",
        400,
        "Bad Request",
        `This is Boshscope's proxy port. Set it as the browser's proxy; the page is at ${this.#policy.pageAddress()}\n`,
      );
    }
    if (this.#policy.isOwn(target)) {
      return this.#refuse(
        "own-address",
        403,
        "Forbidden",
        "Boshscope does not proxy requests to itself. Open its page directly.\n",
      );
    }
    const outgoing = rewriteHead(head, requestTarget, target.originForm);
    this.#push({ target, original: Uint8Array.from(head), outgoing });
  }

  #push(piece: Piece): void {
    if (this.#over) return;
    this.#queue.push(piece);
    this.#pump();
  }

  /** Sends what is queued; a head for another server waits until the one before has answered. */
  #pump(): void {
    while (this.#queue.length > 0 && !this.#over) {
      const piece = this.#queue[0];
      if (piece === undefined) return;
      if (piece.target !== null && !this.#reaches(piece.target)) return;
      const upstream = this.#upstream;
      if (upstream === null || !upstream.ready) return;
      this.#queue.shift();
      if (piece.target !== null) this.#unanswered++;
      upstream.tap?.chunk("client", piece.original, this.#context.mono(), false);
      if (!upstream.leg.stream.write(piece.outgoing)) this.#client.stream.pause();
    }
    if (this.#clientEnded && this.#queue.length === 0) this.#upstream?.leg.stream.end();
  }

  #reaches(target: Target): boolean {
    const current = this.#upstream;
    if (
      current !== null &&
      current.target.host === target.host &&
      current.target.port === target.port
    )
      return true;
    if (this.#unanswered > 0) return false;
    if (current !== null) {
      this.#upstream = null;
      current.leg.stream.end();
    }
    this.#dial(target);
    return true;
  }

  #dial(target: Target): void {
    const { connection, emit, nextExchange, bodyLimit } = {
      connection: this.#report.id,
      ...this.#context,
    };
    const captured = this.#policy.captured(target);
    const tap = captured
      ? new ExchangeTap({ connection, target, secure: false, emit, nextExchange, bodyLimit })
      : null;
    this.#report.facts({ host: target.host, port: target.port });
    const leg = this.#context.dial(target, (error) => {
      if (error !== null) return this.#unreachable(upstream, error);
      const { remoteAddress = "", remotePort = 0 } = leg.raw;
      if (this.#context.isOurselves(remoteAddress, remotePort)) {
        resetNow(leg);
        return this.#refuse(
          "own-address",
          403,
          "Forbidden",
          "Boshscope does not proxy requests to itself.\n",
        );
      }
      this.#report.facts({ server: { address: remoteAddress, port: remotePort } });
      upstream.ready = true;
      this.#listenTo(upstream);
      this.#pump();
    });
    const upstream: Upstream = { target, leg, tap, ready: false };
    this.#upstream = upstream;
    this.#context.track(leg.raw);
  }

  #listenTo(upstream: Upstream): void {
    const { leg, tap } = upstream;
    leg.stream.on("data", (bytes: Buffer) => {
      const at = this.#context.mono();
      this.#end.count("server", bytes.length);
      const delayed = !this.#client.stream.write(bytes);
      if (delayed) leg.stream.pause();
      tap?.chunk("server", bytes, at, delayed);
      this.#routing.fromServer(bytes, at);
    });
    this.#client.stream.on("drain", () => leg.stream.resume());
    leg.stream.on("drain", () => this.#client.stream.resume());
    leg.stream.on("end", () => {
      const at = this.#context.mono();
      tap?.ended("server", at);
      if (this.#upstream !== upstream) return;
      const idle = this.#unanswered === 0;
      this.#upstream = null;
      leg.stream.end();
      // An idle server connection may close; the client's stays, as it belongs to the proxy.
      if (idle) return;
      this.#end.leg("server", "peer", "fin");
      this.#client.stream.end();
      this.#finish();
    });
    leg.stream.on("error", (error) => {
      tap?.broken("server", closeReasonOf(error), this.#context.mono());
      if (this.#upstream !== upstream) return;
      this.#end.leg("server", "peer", closeReasonOf(error).how, closeReasonOf(error));
      resetNow(this.#client);
      this.#finish();
    });
    leg.stream.resume();
  }

  #unreachable(upstream: Upstream, error: Error): void {
    if (this.#over) return;
    const { cause, name, blame, detail } = dialFailure(error);
    this.#report.error(name, detail);
    const at = this.#context.mono();
    const head = this.#queue[0];
    if (upstream.tap !== null && head !== undefined)
      upstream.tap.chunk("client", head.original, at, true);
    upstream.tap?.failOpen({ cause, blame, detail, phase: "connect" }, at);
    resetNow(this.#client);
    this.#end.leg("client", "boshscope", "reset");
    this.#finish();
  }

  #onClientEnd(): void {
    this.#clientEnded = true;
    this.#end.leg("client", "peer", "fin");
    this.#upstream?.tap?.ended("client", this.#context.mono());
    this.#pump();
    if (this.#upstream === null) {
      this.#client.stream.end();
      this.#finish();
    }
  }

  #onClientError(error: Error): void {
    const reason = closeReasonOf(error);
    this.#upstream?.tap?.broken("client", reason, this.#context.mono());
    this.#end.leg("client", "peer", reason.how, reason);
    if (this.#upstream !== null) {
      this.#upstream.leg.stream.on("error", ignore);
      resetNow(this.#upstream.leg);
    }
    this.#finish();
  }

  #refuse(
    name: "malformed-request" | "own-address",
    status: number,
    reason: string,
    text: string,
  ): void {
    this.#report.error(name, reason);
    this.#client.stream.end(ourAnswer(status, reason, text));
    this.#end.leg("client", "boshscope", "fin", { alert: null, detail: name });
    this.#finish();
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#queue.length = 0;
    this.#end.finish();
  }
}

/** Puts the request line into origin form and drops the lines meant for a proxy (RFC 9110 7.6.1); every other byte stays. */
export function rewriteHead(head: Uint8Array, absolute: string, originForm: string): Uint8Array {
  const text = Buffer.from(head).toString("latin1");
  const lineEnd = text.indexOf("\n");
  const line = text.slice(0, lineEnd).replace(absolute, () => originForm);
  const rest = text
    .slice(lineEnd)
    .replace(/\nproxy-(?:connection|authorization)[ \t]*:[^\n]*(?=\n)/gi, "");
  return Buffer.from(line + rest, "latin1");
}
