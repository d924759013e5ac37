/** One port of a node: opens, closes as a stopped or a crashed service does, and keeps its number while closed. */
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import { type AddressInfo, Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";

export interface ListenerOptions {
  /** Null for a port without TLS. */
  readonly tls: { readonly key: string; readonly cert: string } | null;
  readonly onRequest: (request: IncomingMessage, body: string, response: ServerResponse) => void;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** null = any free port of 127.0.0.1. */
  readonly at: { readonly address: string; readonly port: number } | null;
}

/** stop: connections end with FIN. crash: with RST. Either way the port refuses afterwards. */
export type Ending = "stop" | "crash";

export class Listener {
  private readonly options: ListenerOptions;
  private server: ReturnType<typeof createHttps> | ReturnType<typeof createHttp> | null = null;
  private readonly sockets = new Set<Socket>();
  /** What writes go through: the sockets above, or TLS over them. */
  private readonly writers = new Set<Socket>();
  private portNumber = 0;

  constructor(options: ListenerOptions) {
    this.options = options;
    this.portNumber = options.at?.port ?? 0;
  }

  get port(): number {
    return this.portNumber;
  }

  get isOpen(): boolean {
    return this.server !== null;
  }

  /** The first time on any free port unless told otherwise, later on the same. */
  async open(): Promise<void> {
    if (this.server !== null) return;
    const { tls } = this.options;
    const server =
      tls === null ? createHttp() : createHttps({ ...tls, ALPNProtocols: ["http/1.1"] });
    this.server = server;
    server.keepAliveTimeout = 0;
    server.requestTimeout = 0;
    server.headersTimeout = 0;
    server.on("connection", (socket: Socket) => this.watch(socket, this.sockets));
    server.on(tls === null ? "connection" : "secureConnection", (socket: Socket | TLSSocket) =>
      this.watch(socket, this.writers),
    );
    server.on("tlsClientError", (_error, socket) => socket.destroy());
    server.on("clientError", (_error, socket) => socket.destroy());
    server.on("request", (request: IncomingMessage, response: ServerResponse) =>
      this.read(request, response),
    );
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.options.onUpgrade(request, socket, head),
    );
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.portNumber, this.options.at?.address ?? "127.0.0.1", 4096, () => {
        server.off("error", reject);
        resolve();
      });
    });
    this.portNumber = (server.address() as AddressInfo).port;
  }

  async close(how: Ending): Promise<void> {
    const { server } = this;
    if (server === null) return;
    this.server = null;
    // Not the HTTP server's own: that one would cut answers that are still being written.
    const closed = new Promise<void>((resolve) => {
      Server.prototype.close.call(server, () => resolve());
    });
    if (how === "stop") for (const socket of this.writers) socket.destroySoon();
    for (const socket of this.sockets) {
      if (how === "crash" && !socket.destroyed) socket.resetAndDestroy();
    }
    await closed;
  }

  private watch(socket: Socket, set: Set<Socket>): void {
    set.add(socket);
    socket.on("close", () => set.delete(socket));
    // A client that resets is part of the play.
    socket.on("error", () => socket.destroy());
  }

  private read(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    response.on("error", () => response.destroy());
    request.on("error", () => response.destroy());
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () =>
      this.options.onRequest(request, Buffer.concat(chunks).toString("utf8"), response),
    );
  }
}
