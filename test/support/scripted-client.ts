/** The client end of a script: to the server directly, or through a proxy with CONNECT, then TLS with the one CA it trusts. */
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { handshakeEnd } from "./handshake-end.ts";
import { Peer } from "./peer.ts";
import { demoHost, demoPort } from "./tls-fixtures.ts";

/** Plain TCP to a port of this machine, connected. */
export async function dial(port: number, host = "127.0.0.1"): Promise<Socket> {
  const socket = connect({ port, host, allowHalfOpen: true, noDelay: true });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once("connect", resolve).once("error", reject);
  await promise;
  socket.off("error", reject);
  return socket;
}

/** A Peer that speaks plain TCP: for what a proxy's own port must stand. */
export async function openPlain(port: number, host?: string): Promise<Peer> {
  const socket = await dial(port, host);
  return new Peer("plain client", socket, socket);
}

export interface SecureOptions {
  readonly ca: string;
  /** null = none is sent. */
  readonly serverName?: string | null;
  readonly protocols?: readonly string[];
  readonly withinMs?: number;
}

/** TLS over a connected socket; rejects when the handshake fails. */
export async function secure(raw: Socket, options: SecureOptions): Promise<Peer> {
  const { ca, serverName = demoHost, protocols = [] } = options;
  const stream = connectTls({
    socket: raw,
    ca,
    ...(serverName === null
      ? { checkServerIdentity: () => undefined }
      : { servername: serverName }),
    ALPNProtocols: [...protocols],
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const failed = (error: Error): void => reject(error);
  const deadline = setTimeout(
    () => reject(new Error("no TLS handshake in time")),
    options.withinMs ?? 10_000,
  );
  stream
    .once("secureConnect", resolve)
    .once("error", failed)
    .once("end", () => {
      reject(new Error("FIN instead of a TLS handshake"));
    });
  try {
    await promise;
  } catch (error) {
    stream.on("error", () => undefined).destroy();
    raw.destroy();
    throw error;
  } finally {
    clearTimeout(deadline);
  }
  stream.off("error", failed);
  return new Peer("client", stream, raw, handshakeEnd(stream, "client"));
}

/** Sends CONNECT and reads the proxy's answer, byte by byte off the socket; rejects unless it is a 200. */
export async function connectThrough(
  proxyPort: number,
  authority = `${demoHost}:${demoPort}`,
  proxyHost = "127.0.0.1",
): Promise<Socket> {
  const raw = await dial(proxyPort, proxyHost);
  raw.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let answer = "";
  const onData = (chunk: Buffer): void => {
    answer += chunk.toString("latin1");
    if (!answer.endsWith("\r\n\r\n")) return;
    raw.pause();
    resolve(answer);
  };
  const onGone = (): void => reject(new Error(`CONNECT ended with ${JSON.stringify(answer)}`));
  raw.on("data", onData).on("end", onGone).on("error", onGone);
  const text = await promise;
  raw.off("data", onData).off("end", onGone).off("error", onGone);
  if (!/^HTTP\/1\.[01] 200 /.test(text)) throw new Error(`CONNECT was answered ${text}`);
  return raw;
}

export async function openDirect(port: number, options: SecureOptions): Promise<Peer> {
  return secure(await dial(port), options);
}

export async function openThroughProxy(proxyPort: number, options: SecureOptions): Promise<Peer> {
  return secure(await connectThrough(proxyPort), options);
}
