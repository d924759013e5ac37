/**
 * A small TLS relay proxy with one fault at choice. `none` is faithful: scripts can be tried on it. The others are what the comparison of
 * traces must never let pass.
 */
import { createServer, type Server, type Socket } from "node:net";
import { connect as connectTls, createSecureContext, TLSSocket } from "node:tls";
import { codeOf } from "../../src/base/errors.ts";
import type { ProxyUnderTest } from "./proxy-under-test.ts";
import { dial } from "./scripted-client.ts";
import { trusted } from "./tls-fixtures.ts";

export type Mutation = "none" | "lower-cased-header" | "fin-for-reset" | "late-abort";

interface Leg {
  readonly stream: TLSSocket;
  readonly raw: Socket;
}

/** By how much `late-abort` keeps the end of a connection to itself. */
const lateByMs = 400;

function resetLeg({ stream, raw }: Leg): void {
  if (!raw.destroyed) raw.resetAndDestroy();
  stream.destroy();
}

/** Names of headers in lower case, as Node's own HTTP server would hand them on. */
const lowerCased = (bytes: Buffer): Buffer =>
  Buffer.from(
    bytes.toString("latin1").replaceAll(/^[\w-]+(?=:)/gm, (name) => name.toLowerCase()),
    "latin1",
  );

function carry(mutation: Mutation, from: Leg, to: Leg): void {
  const late = (end: () => void): void => {
    if (mutation === "late-abort") setTimeout(end, lateByMs);
    else end();
  };
  let broken = false;
  from.stream.on("data", (bytes: Buffer) => {
    const out =
      mutation === "lower-cased-header" && bytes.length < 16_000 ? lowerCased(bytes) : bytes;
    if (!to.stream.write(out)) from.stream.pause();
  });
  to.stream.on("drain", () => from.stream.resume());
  from.stream.on("end", () => late(() => to.stream.end()));
  from.stream.on("error", (error) => {
    broken = true;
    const isReset = codeOf(error) === "ECONNRESET" || codeOf(error) === "EPIPE";
    late(() => {
      if (isReset && mutation !== "fin-for-reset") resetLeg(to);
      else to.stream.end();
    });
  });
  from.stream.on("close", () => {
    if (!broken && !to.stream.writableEnded) late(() => to.stream.end());
  });
}

async function serve(mutation: Mutation, client: Socket, serverPort: number): Promise<void> {
  client.on("error", () => client.destroy());
  let head = "";
  for await (const chunk of client.iterator({ destroyOnReturn: false })) {
    head += String(chunk);
    if (head.includes("\r\n\r\n")) break;
  }
  const raw = await dial(serverPort);
  raw.on("error", () => raw.destroy());
  client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
  const server = { raw, stream: connectTls({ socket: raw, rejectUnauthorized: false }) };
  const secureContext = createSecureContext(trusted);
  const stream = new TLSSocket(client, { isServer: true, secureContext });
  carry(mutation, { raw: client, stream }, server);
  carry(mutation, server, { raw: client, stream });
}

export async function startMutantProxy(
  mutation: Mutation,
  serverPort: number,
): Promise<ProxyUnderTest> {
  const open = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    open.add(client);
    client.once("close", () => open.delete(client));
    serve(mutation, client, serverPort).catch(() => client.destroy());
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    ca: trusted.ca,
    events: [],
    openConnections: () => open.size,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      await closed.promise;
    },
  };
}
