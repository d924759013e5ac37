/** Connections to a server by the proxy's own rules: its dial (`--resolve`, a proxy in front of us), its trust in certificates. */
import { once } from "node:events";
import { isIP, type Socket } from "node:net";
import { connect as connectTls, type SecureContext, type TLSSocket } from "node:tls";
import { BoshscopeError, fail, reasonOf } from "../base/errors.ts";
import type { ServerCertificate } from "../domain/connection.ts";
import { certificateRefusal } from "../intercept/certificate-policy.ts";
import { type Dial, ignore } from "../intercept/dial.ts";
import type { EndpointMemory } from "../intercept/endpoint-memory.ts";
import type { Target } from "../intercept/target.ts";

export interface Network {
  readonly dial: Dial;
  readonly serverCerts: "pin" | "strict" | "off";
  /** Remembers certificates, and by its pins whether one has changed. */
  readonly endpoints: EndpointMemory;
  readonly secureContext: SecureContext;
}

export interface Secured {
  readonly socket: TLSSocket;
  readonly certificate: ServerCertificate | null;
}

/** ms until a connection must stand. */
const dialMs = 20_000;

/** A TCP connection. Throws "xmpp-failed". */
export async function openTcp({ dial }: Network, target: Target): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const leg = dial(target, (error) => {
    if (error === null) resolve();
    else reject(error);
  });
  const timer = setTimeout(() => reject(new Error(`no answer within ${dialMs / 1000} s`)), dialMs);
  try {
    await promise;
    return leg.stream;
  } catch (error) {
    leg.raw.on("error", ignore).destroy();
    throw connectionFailure(target, error);
  } finally {
    clearTimeout(timer);
  }
}

/** Throws "xmpp-failed", "xmpp-refused" for a certificate that is not trusted: nothing was sent then. */
export async function openTls(network: Network, target: Target): Promise<Secured> {
  return await secure(network, target, await openTcp(network, target));
}

/** TLS over a connection that stands. */
export async function secure(network: Network, target: Target, tcp: Socket): Promise<Secured> {
  const name = isIP(target.host) === 0 ? { servername: target.host } : {};
  const { secureContext, endpoints } = network;
  const given = { socket: tcp, host: target.host, secureContext, rejectUnauthorized: false };
  const socket = connectTls({ ...given, ...name });
  try {
    await once(socket, "secureConnect", { signal: AbortSignal.timeout(dialMs) });
  } catch (error) {
    socket.on("error", ignore).destroy();
    throw connectionFailure(target, error);
  }
  const certificate = endpoints.learn(target, socket);
  const refusal = certificateRefusal(network, certificate);
  if (refusal === null) return { socket, certificate };
  socket.on("error", ignore).destroy();
  throw fail("xmpp-refused", {
    why:
      refusal.cause === "certificate-changed"
        ? `the certificate of ${target.host}:${target.port} is not the one seen first (${refusal.detail})`
        : `the certificate of ${target.host}:${target.port} is not valid: ${refusal.detail}`,
    remedy: "Nothing was sent. If the change is known: --server-certs off, or remove its pin.",
  });
}

export function connectionFailure({ host, port }: Target, error: unknown): BoshscopeError {
  return fail("xmpp-failed", { host, port, why: reasonOf(error).replace(/\.$/, "") }, error);
}
