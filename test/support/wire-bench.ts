/** A proxy in front of two scripted servers: one that a test may treat as badly as it likes, one that proves the proxy still works. */
import { readdirSync } from "node:fs";
import { codeOf, reasonOf } from "../../src/base/errors.ts";
import type { ConnectionErrorName } from "../../src/domain/connection.ts";
import type { InterceptOptions } from "../../src/intercept/start-intercept.ts";
import { polled } from "./changes.ts";
import { answer, request } from "./http-text.ts";
import type { Peer } from "./peer.ts";
import { type RecordingProxy, startBoshscope } from "./proxy-under-test.ts";
import type { Connected } from "./same-trace.ts";
import { connectThrough, openPlain, type SecureOptions, secure } from "./scripted-client.ts";
import { ScriptedServer, type ScriptedServerOptions } from "./scripted-server.ts";
import { demoHost, demoPort } from "./tls-fixtures.ts";

export const demoAuthority = `${demoHost}:${demoPort}`;
const goodHost = "fin2.demo.test";

export class WireBench implements AsyncDisposable {
  readonly proxy: RecordingProxy;
  readonly server: ScriptedServer;
  readonly #good: ScriptedServer;
  readonly #clients: Peer[] = [];

  private constructor(proxy: RecordingProxy, server: ScriptedServer, good: ScriptedServer) {
    this.proxy = proxy;
    this.server = server;
    this.#good = good;
  }

  static async start(
    options: {
      readonly server?: ScriptedServerOptions;
      readonly intercept?: Partial<InterceptOptions>;
      /** More "host:port" that lead to the scripted server. */
      readonly routes?: readonly string[];
    } = {},
  ): Promise<WireBench> {
    const server = await ScriptedServer.start(options.server);
    const good = await ScriptedServer.start();
    const routes = [demoAuthority, ...(options.routes ?? [])];
    const proxy = await startBoshscope(
      {
        ...Object.fromEntries(routes.map((route) => [route, server.port])),
        [`${goodHost}:${demoPort}`]: good.port,
      },
      options.intercept,
    );
    return new WireBench(proxy, server, good);
  }

  /** A client on the proxy's own port that sends just what it is told. */
  async plain(bytes?: string | Uint8Array): Promise<Peer> {
    const client = await openPlain(this.proxy.port);
    this.#clients.push(client);
    if (bytes !== undefined) await client.write(bytes);
    return client;
  }

  /** A tunnel that was answered 200, with nothing in it yet. */
  async tunnel(authority = demoAuthority): Promise<Peer> {
    const client = await this.plain(
      `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\nProxy-Connection: keep-alive\r\n\r\n`,
    );
    const head = await client.readHead();
    if (!head.startsWith("HTTP/1.1 200 ")) throw new Error(`CONNECT was answered ${head}`);
    return client;
  }

  /** A decrypted connection, both ends. */
  async open(authority = demoAuthority, options: Partial<SecureOptions> = {}): Promise<Connected> {
    const [client, server] = await Promise.all([
      this.#secure(authority, options),
      this.server.next(),
    ]);
    return { client, server };
  }

  async #secure(authority: string, options: Partial<SecureOptions> = {}): Promise<Peer> {
    const raw = await connectThrough(this.proxy.port, authority);
    const client = await secure(raw, { ca: this.proxy.ca, ...options });
    this.#clients.push(client);
    return client;
  }

  /** The code a client gets that tries to shake hands through the proxy; "" = it succeeded. */
  async attempt(authority = demoAuthority, options: Partial<SecureOptions> = {}): Promise<string> {
    try {
      await this.#secure(authority, options);
      return "";
    } catch (error) {
      return codeOf(error) || reasonOf(error);
    }
  }

  /** The named connection error, once it has been reported. */
  async error(name: ConnectionErrorName): Promise<{ detail: string; alert: number | null }> {
    return this.proxy.event("connection-error", (event) => event.name === name);
  }

  /** A whole exchange through the same proxy, seen by its events too. */
  async serves(): Promise<void> {
    const from = this.proxy.events.length;
    const [client, server] = await Promise.all([
      this.#secure(`${goodHost}:${demoPort}`, { serverName: goodHost }),
      this.#good.next(),
    ]);
    await client.write(request("GET /good"));
    await server.readHead();
    await server.write(answer("good"));
    const head = await client.readHead();
    if (!head.startsWith("HTTP/1.1 200 OK")) throw new Error(`the good request got ${head}`);
    await this.proxy.event("response-end", ({ bodyLength }) => bodyLength === 4, from);
    await client.fin();
    await server.closed();
    await server.fin();
    await client.closed();
  }

  /** Everybody leaves; rejects when the proxy keeps a connection, to clients or to servers. */
  async empties(): Promise<void> {
    for (const client of this.#clients) client[Symbol.dispose]();
    await this.server.idle();
    await this.#good.idle();
    this.server.hangUp();
    this.#good.hangUp();
    await polled(
      () => (this.proxy.openConnections() === 0 ? true : undefined),
      `the proxy to let go of its connections (${this.proxy.openConnections()} open)`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client[Symbol.dispose]();
    await this.server[Symbol.asyncDispose]();
    await this.#good[Symbol.asyncDispose]();
    await this.proxy[Symbol.asyncDispose]();
  }
}

/** Open descriptors of this process, or null where the system does not tell. */
export function openFiles(): number | null {
  return process.platform === "linux" ? readdirSync("/proc/self/fd").length : null;
}
