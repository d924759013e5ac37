/** A proxy that shows minted leaves and one page, and tells which requests got through TLS: a browser that distrusts us sends none. */
import { once } from "node:events";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import tls from "node:tls";
import type { Authority } from "../../../src/ca/authority.ts";

export interface TrustProbe extends AsyncDisposable {
  readonly port: number;
  /** Resolves with the authority (host:port) of the first CONNECT whose TLS carried a request for the path. */
  requested(path: string, withinMs: number): Promise<string>;
  /** Resolves once a client has refused the certificate shown for that host. */
  refused(host: string, withinMs: number): Promise<void>;
}

export async function startTrustProbe(authority: Authority): Promise<TrustProbe> {
  const sockets = new Set<net.Socket>();
  const seen = new Map<string, string>();
  const waiting = new Map<string, (detail: string) => void>();
  const happened = (what: string, detail: string): void => {
    seen.set(what, detail);
    waiting.get(what)?.(detail);
  };
  const occurrence = (what: string, withinMs: number): Promise<string> => {
    const already = seen.get(what);
    if (already !== undefined) return Promise.resolve(already);
    return new Promise((resolve, reject) => {
      const story = (): string => JSON.stringify([...seen]);
      const late = setTimeout(() => reject(new Error(`no ${what}; only ${story()}`)), withinMs);
      waiting.set(what, (detail) => {
        clearTimeout(late);
        resolve(detail);
      });
    });
  };
  const server = http.createServer((_, response) => response.writeHead(404).end());
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  });
  server.on("connect", (request, raw) => {
    const target = request.url ?? "";
    const { hostname, port } = new URL(`http://${target}`);
    raw.write("HTTP/1.1 200 OK\r\n\r\n");
    const secure = new tls.TLSSocket(raw, {
      isServer: true,
      secureContext: authority.leafFor(hostname, Number(port || 80), []).secureContext,
      ALPNProtocols: ["http/1.1"],
    });
    secure.on("error", (error) => {
      if (/alert/.test(error.message)) happened(`refusal of ${hostname}`, error.message);
      secure.destroy();
    });
    secure.on("data", (bytes) => {
      const path = bytes.toString("latin1").split(" ")[1] ?? "";
      happened(`request for ${path}`, target);
      const page = "<!doctype html><title>probe</title>";
      secure.end(
        `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: ${page.length}\r\n\r\n${page}`,
      );
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    requested: (path, withinMs) => occurrence(`request for ${path}`, withinMs),
    refused: async (host, withinMs) => {
      await occurrence(`refusal of ${host}`, withinMs);
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
