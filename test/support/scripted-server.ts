/** A TCP or TLS server whose every connection is a Peer that the test speaks for. */
import { createServer, type Server, type Socket } from "node:net";
import {
  createSecureContext,
  type SecureContext,
  type SecureContextOptions,
  TLSSocket,
} from "node:tls";
import { Changes, polled } from "./changes.ts";
import { handshakeEnd } from "./handshake-end.ts";
import { Peer } from "./peer.ts";
import { type TestIdentity, trusted } from "./tls-fixtures.ts";

export interface ScriptedServerOptions {
  readonly host?: string;
  /** null = plain TCP. */
  readonly identity?: TestIdentity | null;
  readonly tls?: Pick<SecureContextOptions, "minVersion" | "maxVersion" | "ciphers">;
}

export class ScriptedServer implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #peers: Peer[] = [];
  readonly #changes = new Changes();
  #taken = 0;
  /** Connections the kernel accepted, with or without TLS. */
  accepted = 0;

  private constructor(server: Server, secureContext: SecureContext | null) {
    this.#server = server;
    const address = server.address();
    this.port = typeof address === "object" && address !== null ? address.port : 0;
    server.on("connection", (raw: Socket) => {
      this.accepted++;
      const stream =
        secureContext === null ? raw : new TLSSocket(raw, { isServer: true, secureContext });
      const settled = secureContext === null ? Promise.resolve() : handshakeEnd(stream, "server");
      this.#peers.push(new Peer(`server connection ${this.accepted}`, stream, raw, settled));
      this.#changes.notify();
    });
  }

  static async start(options: ScriptedServerOptions = {}): Promise<ScriptedServer> {
    const { host = "127.0.0.1", identity = trusted, tls = {} } = options;
    const server = createServer({ allowHalfOpen: true, noDelay: true });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once("error", reject);
    server.listen({ host, port: 0, backlog: 1024 }, resolve);
    await promise;
    const secureContext = identity === null ? null : createSecureContext({ ...identity, ...tls });
    return new ScriptedServer(server, secureContext);
  }

  /** The next connection that no one took yet. */
  async next(withinMs?: number): Promise<Peer> {
    const peer = await this.#changes.until(
      () => this.#peers[this.#taken],
      `connection ${this.#taken + 1} at the server`,
      withinMs,
    );
    this.#taken++;
    return peer;
  }

  /** Speaks for every connection that nobody takes with `next`, now and later. */
  answerEach(script: (peer: Peer) => Promise<void>): void {
    const serve = (): void => {
      for (let peer = this.#peers[this.#taken]; peer; peer = this.#peers[this.#taken]) {
        this.#taken++;
        void script(peer).catch(() => peer.reset());
      }
    };
    this.#server.on("connection", serve);
    serve();
  }

  get open(): number {
    return this.#peers.filter((peer) => peer.isOpen).length;
  }

  /** Resolves when all connections are over in both directions. */
  async idle(withinMs = 5000): Promise<void> {
    await polled(
      () => (this.open === 0 ? true : undefined),
      `the server's connections to end (${this.open} open)`,
      withinMs,
    );
  }

  /** Closes every connection; the listener stays. */
  hangUp(): void {
    for (const peer of this.#peers) peer[Symbol.dispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    this.hangUp();
    await promise;
  }
}
