/** Starts the page's server: HTTP, the feed, and their end. */
import { once } from "node:events";
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { codeOf, type ErrorCode, fail } from "../base/errors.ts";
import { createAccess } from "./access.ts";
import { Feed } from "./feed.ts";
import { openFeedDoor } from "./feed-door.ts";
import { authorityName, isWildcard } from "./gate.ts";
import { createHttpApp } from "./http-app.ts";
import type { ServerOptions } from "./server-options.ts";

export type { ServerOptions } from "./server-options.ts";

export interface Server extends AsyncDisposable {
  readonly host: string;
  /** The port it really listens on. */
  readonly port: number;
  /** The page's address with the token, for the person who started it. */
  readonly url: string;
  /** Ends the feed and every connection; resolves when the port is free. */
  close(): Promise<void>;
}

/** Requests that are under way get this long to end, ms. */
const closeGraceMs = 500;

/** Resolves once it listens. Throws "port-in-use", "address-not-available" or "port-forbidden". */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { host, token } = options;
  const server = createServer();
  const port = await listen(server, host, options.port);
  const own = { host, port };
  const access = createAccess(token, port);
  const feed = new Feed(options);
  server.on("request", createHttpApp({ options, own, access, feed }));
  openFeedDoor(server, { own, access, feed, log: options.log });
  const shown = isWildcard(host) ? "127.0.0.1" : authorityName(host);
  let closing: Promise<void> | null = null;
  const close = () => (closing ??= end(server, feed));
  return {
    host,
    port,
    url: `http://${shown}:${port}/?token=${encodeURIComponent(token)}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

const listenFailures: Readonly<Record<string, ErrorCode>> = {
  EADDRINUSE: "port-in-use",
  EADDRNOTAVAIL: "address-not-available",
  ENOTFOUND: "address-not-available",
  EAI_AGAIN: "address-not-available",
  EACCES: "port-forbidden",
};

async function listen(server: HttpServer, host: string, port: number): Promise<number> {
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, "listening");
  } catch (thrown) {
    const code = listenFailures[codeOf(thrown)];
    if (code === undefined) throw thrown;
    throw fail(code, { host, port, flag: "--page-port" }, thrown);
  }
  return (server.address() as AddressInfo).port;
}

async function end(server: HttpServer, feed: Feed): Promise<void> {
  const closed = once(server, "close");
  server.close();
  feed.close();
  const cut = setTimeout(() => {
    feed.terminate();
    server.closeAllConnections();
  }, closeGraceMs);
  await closed;
  clearTimeout(cut);
}
