/** A TCP relay between the proxy and a server, as a network is: it knows no bytes, only what becomes of them. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

export type RelayEnd = "fin" | "reset";

/** What happens to bytes from the server. */
export interface Ageing {
  /** A connection ends when it is that old, ms. */
  readonly afterMs: number;
  readonly how: RelayEnd;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly openedAt: number;
}

export class Relay implements AsyncDisposable {
  readonly #target: number;
  #server: Server;
  #port = 0;
  readonly #pairs = new Set<Pair>();
  #silent = false;
  #ageing: Ageing | null = null;
  #delayMs = 0;
  #bytesPerSecond = 0;
  #cutAfter: number | null = null;
  /** Bytes that have trickled so far. */
  passed = 0;
  /** Wall ms of each connection ended by the relay's own doing. */
  readonly ended: number[] = [];

  private constructor(target: number) {
    this.#target = target;
    this.#server = this.#listener();
  }

  /** In front of a port of 127.0.0.1. */
  static async start(target: number): Promise<Relay> {
    const relay = new Relay(target);
    await relay.open();
    return relay;
  }

  get port(): number {
    return this.#port;
  }

  /** Listens (again, on the same port). */
  async open(): Promise<void> {
    if (this.#server.listening) return;
    this.#server = this.#listener();
    this.#server.listen({ host: "127.0.0.1", port: this.#port });
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** New connections are refused; those that are open stay. */
  refuse(): void {
    this.#server.close();
  }

  /** Nothing passes any more, in either direction; connections are still accepted. */
  blackHole(): void {
    this.#silent = true;
    for (const { client, server } of this.#pairs) {
      client.pause();
      server.pause();
    }
  }

  /** All that was held back passes now. */
  pass(): void {
    this.#silent = false;
    for (const { client, server } of this.#pairs) {
      client.resume();
      server.resume();
    }
  }

  /** Ends every connection now, towards the proxy and towards the server. */
  endAll(how: RelayEnd): void {
    for (const pair of this.#pairs) this.#end(pair, how);
  }

  /** Connections end at a constant age from now on, open ones at once when they are older; null = no more. */
  age(ageing: Ageing | null): void {
    this.#ageing = ageing;
    if (ageing === null) return;
    for (const pair of this.#pairs) this.#endAtAge(pair, ageing);
  }

  /** Bytes from the server arrive that much later. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /** Bytes from the server trickle; 0 = as they come. */
  drip(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** The next bytes from the server pass up to that many, then the connection is reset. */
  cutNext(bytes: number): void {
    this.#cutAfter = bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { client, server } of this.#pairs) {
      client.destroy();
      server.destroy();
    }
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, "close");
  }

  #listener(): Server {
    return createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  }

  #accept(client: Socket): void {
    const server = connect({ host: "127.0.0.1", port: this.#target, allowHalfOpen: true });
    server.setNoDelay(true);
    const pair: Pair = { client, server, openedAt: performance.now() };
    this.#pairs.add(pair);
    client.on("data", (bytes) => server.write(bytes));
    server.on("data", (bytes: Buffer) => this.#toClient(pair, bytes));
    client.on("end", () => server.end());
    server.on("end", () => this.#later(() => client.end()));
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on("error", () => other.resetAndDestroy());
      one.on("close", () => {
        if (one.errored === null && client.destroyed && server.destroyed) this.#pairs.delete(pair);
      });
    }
    if (this.#silent) {
      client.pause();
      server.pause();
    }
    if (this.#ageing !== null) this.#endAtAge(pair, this.#ageing);
  }

  #toClient(pair: Pair, bytes: Buffer): void {
    if (this.#cutAfter !== null) {
      pair.client.write(bytes.subarray(0, this.#cutAfter));
      this.#cutAfter = null;
      return void setImmediate(() => this.#end(pair, "reset"));
    }
    if (this.#bytesPerSecond > 0) return this.#trickle(pair, bytes);
    this.#later(() => pair.client.write(bytes));
  }

  #trickle(pair: Pair, bytes: Buffer): void {
    const { client, server } = pair;
    server.pause();
    let sent = 0;
    const timer = setInterval(() => {
      client.write(bytes.subarray(sent, sent + 1));
      this.passed++;
      sent++;
      if (sent < bytes.length && !client.destroyed) return;
      clearInterval(timer);
      server.resume();
    }, 1000 / this.#bytesPerSecond);
  }

  #later(run: () => void): void {
    if (this.#delayMs === 0) run();
    else setTimeout(run, this.#delayMs);
  }

  #endAtAge(pair: Pair, ageing: Ageing): void {
    const age = performance.now() - pair.openedAt;
    setTimeout(
      () => {
        if (this.#ageing === ageing && this.#pairs.has(pair)) this.#end(pair, ageing.how);
      },
      Math.max(0, ageing.afterMs - age),
    ).unref();
  }

  #end(pair: Pair, how: RelayEnd): void {
    this.#pairs.delete(pair);
    this.ended.push(Date.now());
    for (const socket of [pair.client, pair.server]) {
      if (how === "reset") socket.resetAndDestroy();
      else socket.end();
    }
  }
}
