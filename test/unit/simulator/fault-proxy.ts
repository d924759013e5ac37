/** A blind CONNECT proxy that can break what it carries: the network between a desktop and its server. */

import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { FinessePair } from "../../../src/simulator/finesse-pair.ts";

type Mode = "pass" | "reset" | "black-hole";

export class FaultProxy implements AsyncDisposable {
  port = 0;
  private mode: Mode = "pass";
  private readonly tunnels = new Set<{ readonly port: string; readonly ends: readonly Socket[] }>();
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private readonly real: ReadonlyMap<string, number>;

  constructor(pair: FinessePair) {
    this.real = new Map(
      pair.resolve.map(({ host, port, realPort }) => [`${host}:${port}`, realPort]),
    );
    this.server = createServer((client) => this.accept(client));
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => {
      this.server.listen(0, "127.0.0.1", resolve);
    });
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  /** From now on for 7443: connections are reset, or carry nothing any more. */
  set(mode: Mode): void {
    this.mode = mode;
    for (const { port, ends } of this.tunnels) {
      if (port !== "7443") continue;
      if (mode === "reset") for (const end of ends) end.resetAndDestroy();
      if (mode === "black-hole")
        for (const end of ends) end.unpipe().removeAllListeners("data").resume();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
  }

  private accept(client: Socket): void {
    this.watch(client);
    client.once("data", (head) => {
      const target = /^CONNECT (\S+)/.exec(head.toString())?.[1] ?? "";
      const port = target.split(":")[1] ?? "";
      if (port === "7443" && this.mode === "reset") return void client.resetAndDestroy();
      if (port === "7443" && this.mode === "black-hole") return undefined;
      const server = connect(this.real.get(target) ?? 1, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        client.pipe(server).pipe(client);
      });
      this.watch(server);
      this.tunnels.add({ port, ends: [client, server] });
      server.on("error", () => client.resetAndDestroy());
      server.on("close", () => client.destroy());
      client.on("close", () => server.destroy());
    });
  }

  private watch(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  }
}
