/**
 * Runs one script twice, against a server directly and through a proxy, and compares what both ends saw. A difference is something the
 * proxy did that the network alone would not have done.
 */
import { polled } from "./changes.ts";
import type { Peer } from "./peer.ts";
import type { ProxyUnderTest } from "./proxy-under-test.ts";
import { openDirect, openThroughProxy } from "./scripted-client.ts";
import { ScriptedServer } from "./scripted-server.ts";
import { trusted } from "./tls-fixtures.ts";
import { differences, type TraceEntry } from "./trace.ts";

export interface Connected {
  readonly client: Peer;
  readonly server: Peer;
}

/** What a script may do: open connections, and ask whether a thing happens without delay. */
export interface Wire {
  open(): Promise<Connected>;
  /**
   * Resolves with `event`. Meanwhile round trips run on a connection of their own; when more than a few dozen fit in before the event, the
   * trace is marked `late`. So promptness is measured in round trips, which a slow machine slows down too.
   */
  promptly<T>(event: Promise<T>, seenBy: Peer): Promise<T>;
  readonly route: "direct" | "proxied";
}

export type Script = (wire: Wire) => Promise<void>;
export type StartProxy = (serverPort: number) => Promise<ProxyUnderTest>;

/** A proxy relays in one turn of its loop: 1 or 2 round trips. The planted delay of 400 ms is hundreds. */
const maxRoundTrips = 25;

class ScriptedWire implements Wire, AsyncDisposable {
  readonly route: Wire["route"];
  readonly connections: Connected[] = [];
  readonly #server: ScriptedServer;
  readonly #openClient: () => Promise<Peer>;
  #marker: Connected | null = null;

  constructor(route: Wire["route"], server: ScriptedServer, openClient: () => Promise<Peer>) {
    this.route = route;
    this.#server = server;
    this.#openClient = openClient;
  }

  async #connect(): Promise<Connected> {
    const [client, server] = await Promise.all([this.#openClient(), this.#server.next()]);
    await Promise.all([client.settled(), server.settled()]);
    return { client, server };
  }

  async open(): Promise<Connected> {
    this.#marker ??= await this.#connect();
    const connected = await this.#connect();
    this.connections.push(connected);
    return connected;
  }

  async promptly<T>(event: Promise<T>, seenBy: Peer): Promise<T> {
    const { client, server } = this.#marker ?? (await this.#connect());
    const progress = { happened: false, roundTrips: 0 };
    const result = event.finally(() => {
      progress.happened = true;
    });
    const run = async (): Promise<void> => {
      for (; !progress.happened && progress.roundTrips <= maxRoundTrips; progress.roundTrips++) {
        await client.write("GET /marker HTTP/1.1\r\n\r\n");
        await server.readHead();
        await server.write("HTTP/1.1 204 No Content\r\n\r\n");
        await client.readHead();
      }
    };
    const [value] = await Promise.all([result, run()]);
    if (progress.roundTrips > maxRoundTrips) seenBy.trace.mark("late");
    return value;
  }

  traces(): readonly TraceEntry[][] {
    return this.connections.flatMap(({ client, server }) => [
      [...client.trace.entries()],
      [...server.trace.entries()],
    ]);
  }

  /** Leaves everything the script left open; the other side must then end by itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.connections, ...(this.#marker === null ? [] : [this.#marker])];
    for (const { client } of all) client[Symbol.dispose]();
    try {
      await this.#server.idle();
    } finally {
      await this.#server[Symbol.asyncDispose]();
    }
  }
}

async function runDirect(script: Script): Promise<readonly TraceEntry[][]> {
  const server = await ScriptedServer.start();
  const openClient = (): Promise<Peer> => openDirect(server.port, { ca: trusted.ca });
  await using wire = new ScriptedWire("direct", server, openClient);
  await script(wire);
  return wire.traces();
}

async function runProxied(script: Script, start: StartProxy): Promise<readonly TraceEntry[][]> {
  const server = await ScriptedServer.start();
  await using proxy = await start(server.port);
  const openClient = (): Promise<Peer> => openThroughProxy(proxy.port, { ca: proxy.ca });
  let traces: readonly TraceEntry[][];
  {
    await using wire = new ScriptedWire("proxied", server, openClient);
    await script(wire);
    traces = wire.traces();
  }
  await polled(
    () => (proxy.openConnections() === 0 ? true : undefined),
    `the proxy to let go of its connections (${proxy.openConnections()} open)`,
    5000,
  );
  return traces;
}

/** The differences in words; empty = the proxy could not be noticed. */
export async function traceDifferences(script: Script, start: StartProxy): Promise<string[]> {
  const [direct, proxied] = await Promise.all([runDirect(script), runProxied(script, start)]);
  if (direct.length === 0) throw new Error("the script opened no connection");
  const seen = direct.flat().filter((entry) => entry.kind !== "mark").length;
  if (seen === 0) throw new Error("the script let nobody see anything");
  return Array.from(
    { length: Math.max(direct.length, proxied.length) },
    (_, index) => index,
  ).flatMap((index) => {
    const end = index % 2 === 0 ? "client" : "server";
    const where = `connection ${Math.floor(index / 2) + 1}, ${end}`;
    return differences(where, direct[index] ?? [], proxied[index] ?? []);
  });
}
