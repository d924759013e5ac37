/**
 * http-mitm-proxy's shell with our own data path. Kept: its class, its chain of CONNECT handlers, its error chain. Overridden: every
 * declared method that crashes, loops, rewrites or writes key files (README.md of this folder has the measured list). Pinned to 1.1.0.
 */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Proxy } from "http-mitm-proxy";
import type { WebSocket } from "ws";
import { codeOf, fail, reasonOf } from "../base/errors.ts";
import { ignore } from "./dial.ts";

export interface EngineEvents {
  /** A client connected. */
  opened(socket: Socket): void;
  /** CONNECT with its target as written; `head` are bytes that came with it. */
  connect(socket: Socket, authority: string, head: Buffer): void;
  /** The first bytes are no CONNECT: HTTP in absolute form, or not meant for a proxy. They are back in front of the socket. */
  plain(socket: Socket): void;
  /** The head is no HTTP. */
  malformed(socket: Socket, why: string): void;
  /** The client left before saying anything. */
  silent(socket: Socket): void;
}

/** Enough to tell `CONNECT ` from the rest. */
const prefix = "CONNECT ";

export class Engine extends Proxy {
  readonly #events: EngineEvents;
  #listener: Server | null = null;

  constructor(events: EngineEvents) {
    super();
    this.#events = events;
  }

  /**
   * The shell's own `listen` makes an RSA key on disk (0644) and never reports a port in use. Ours listens itself and hands CONNECT
   * connections to the shell's HTTP server; everything else is relayed from the raw socket, so that its bytes stay as sent.
   */
  async open(host: string, port: number): Promise<{ host: string; port: number }> {
    this.httpServer = createHttpServer({ headersTimeout: 120_000, requestTimeout: 0 });
    this.httpServer.on("connect", this._onHttpServerConnect.bind(this));
    this.httpServer.on("clientError", (error: Error, socket: Duplex) => {
      this.#events.malformed(socket as Socket, codeOf(error) || reasonOf(error));
    });
    const listener = createServer(
      { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 45_000 },
      (socket) => this.#sniff(socket),
    );
    this.#listener = listener;
    await listen(listener, host, port);
    const address = listener.address();
    this.httpPort = typeof address === "object" && address !== null ? address.port : port;
    return { host, port: this.httpPort };
  }

  #sniff(socket: Socket): void {
    this.#events.opened(socket);
    let seen: Buffer = Buffer.alloc(0);
    const finish = (): void => {
      socket.off("data", onData).off("end", onGone).off("error", onGone);
    };
    const onGone = (): void => {
      finish();
      socket.on("error", ignore);
      socket.destroy();
      this.#events.silent(socket);
    };
    const onData = (chunk: Buffer): void => {
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
      const text = seen.toString("latin1", 0, prefix.length);
      if (seen.length < prefix.length && prefix.startsWith(text)) return;
      finish();
      socket.pause();
      socket.unshift(seen);
      if (text === prefix) {
        this.httpServer?.emit("connection", socket);
        socket.resume();
      } else this.#events.plain(socket);
    };
    socket.on("data", onData).on("end", onGone).on("error", onGone);
  }

  /** The shell answers 200 and opens a TLS server per host; ours hands the socket over for good. */
  override _onHttpServerConnect(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", ignore);
    const next = (index: number): void => {
      const handler = this.onConnectHandlers[index];
      if (handler === undefined)
        return this.#events.connect(socket as Socket, request.url ?? "", head);
      handler.call(this, request, socket, head, (error?: Error | null) => {
        if (error) this._onError("ON_CONNECT_ERROR", null, error);
        else next(index + 1);
      });
    };
    next(0);
  }

  /** Never reached: plain requests are taken from the socket. The shell's way rewrites headers and crashes on bad ports. */
  override _onHttpServerRequest(
    _isSsl: boolean,
    _request: IncomingMessage,
    response: ServerResponse,
  ): void {
    response.destroy();
  }

  override _onWebSocketServerConnect(_isSsl: boolean, socket: WebSocket): void {
    socket.terminate();
  }

  /** The shell prints to the console and invents a 504; ours only tells those who asked. */
  override _onError(kind: string, context: Parameters<Proxy["_onError"]>[1], error: Error): void {
    for (const handler of this.onErrorHandlers) handler.call(this, context, error, kind);
  }

  override _onSocketError(): void {
    // Socket errors are the relay's business.
  }

  override _createHttpsServer(): void {
    throw fail("engine-changed", { why: "it asked for a TLS server of its own" });
  }

  override close(): this {
    this.#listener?.close();
    this.httpServer?.close();
    return this;
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", (error) => reject(listenFailure(error, host, port)));
  server.listen({ host, port, backlog: 1024 }, resolve);
  await promise;
  server.removeAllListeners("error");
  server.on("error", ignore);
}

function listenFailure(error: Error, host: string, port: number): Error {
  const code = codeOf(error);
  const details = { host, port, flag: "--proxy-port" };
  if (code === "EADDRINUSE") return fail("port-in-use", details, error);
  if (code === "EACCES") return fail("port-forbidden", details, error);
  return fail("address-not-available", details, error);
}
