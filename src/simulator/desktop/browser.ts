/** The network side of a browser: keep-alive connections through an HTTP proxy (CONNECT, then TLS), cookies, requests that can be aborted. */
import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent, type RequestOptions } from "node:https";
import { connect as connectTcp, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls, createSecureContext, type SecureContext } from "node:tls";
import { codeOf } from "../../base/errors.ts";

export interface Network {
  /** Null: straight to where `resolve` says. */
  readonly proxy: { readonly host: string; readonly port: number } | null;
  /** PEM of what is trusted: the proxy's root, or the nodes' own certificates. */
  readonly ca: string;
  /** "host:port" → where it really is; for connections without a proxy. */
  readonly resolve: ReadonlyMap<string, { readonly address: string; readonly port: number }>;
}

export interface Fetch {
  readonly method: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Names and values in turn, in the order they are sent, after Host. */
  readonly headers: readonly string[];
  readonly body: string;
}

export type FetchEnd =
  | { readonly kind: "answer"; readonly status: number; readonly body: string }
  /** A system's or OpenSSL's code: ECONNRESET, ECONNREFUSED, SELF_SIGNED_CERT_IN_CHAIN, … */
  | { readonly kind: "failed"; readonly code: string };

export const firefox64 = "Mozilla/5.0 (Windows NT 6.1; WOW64; rv:64.0) Gecko/20100101 Firefox/64.0";

/** Per host and port, as browsers have it. */
const connectionsPerHost = 6;

export class Browser {
  readonly agent: Agent;
  private readonly cookies = new Map<string, string>();
  private readonly sockets = new Set<Socket>();

  constructor(network: Network, secureContext: SecureContext) {
    this.agent = new ProxyAgent(network, secureContext, this.sockets);
  }

  /** Calls back once, unless aborted; the abort closes the connection, as browsers do. */
  fetch(wanted: Fetch, done: (end: FetchEnd) => void): { abort(): void } {
    let over = false;
    const finish = (end: FetchEnd): void => {
      if (over) return;
      over = true;
      done(end);
    };
    const request: ClientRequest = httpRequest({
      agent: this.agent,
      protocol: "https:",
      host: wanted.host,
      port: wanted.port,
      method: wanted.method,
      path: wanted.path,
      headers: this.headersFor(wanted) as never,
    });
    request.on("response", (response) => this.read(response, wanted.host, finish));
    request.on("error", (error) => finish({ kind: "failed", code: codeOf(error) }));
    request.end(wanted.body);
    return {
      abort: () => {
        over = true;
        request.destroy();
      },
    };
  }

  setCookie(host: string, name: string, value: string): void {
    this.cookies.set(`${host} ${name}`, value);
  }

  /** Closes all connections without a word, as a closed browser does. */
  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.agent.destroy();
  }

  private headersFor({ method, host, port, headers, body }: Fetch): string[] {
    const cookie = [...this.cookies]
      .filter(([key]) => key.startsWith(`${host} `))
      .map(([key, value]) => `${key.slice(host.length + 1)}=${value}`)
      .join("; ");
    return [
      "Host",
      `${host}:${port}`,
      "User-Agent",
      firefox64,
      ...headers,
      "Accept-Language",
      "en-US,en;q=0.5",
      "Accept-Encoding",
      "gzip, deflate, br",
      ...(method === "GET" ? [] : ["Content-Length", `${Buffer.byteLength(body)}`]),
      ...(cookie === "" ? [] : ["Cookie", cookie]),
      "Connection",
      "keep-alive",
    ];
  }

  private read(response: IncomingMessage, host: string, finish: (end: FetchEnd) => void): void {
    for (const line of response.headers["set-cookie"] ?? []) {
      const [pair = ""] = line.split(";", 1);
      const [name = "", value = ""] = pair.split("=", 2);
      this.setCookie(host, name, value);
    }
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", (error) => finish({ kind: "failed", code: codeOf(error) }));
    response.on("end", () =>
      finish({
        kind: "answer",
        status: response.statusCode ?? 0,
        body: Buffer.concat(chunks).toString("utf8"),
      }),
    );
  }
}

const contexts = new Map<string, SecureContext>();

/** One context for all desktops that trust the same authority: thousands of them would not be light. */
export function sharedContext(ca: string): SecureContext {
  const known = contexts.get(ca) ?? createSecureContext({ ca });
  contexts.set(ca, known);
  return known;
}

type Connected = (error: Error | null, stream: Duplex) => void;

class ProxyAgent extends Agent {
  private readonly network: Network;
  private readonly secureContext: SecureContext;
  private readonly opened: Set<Socket>;
  /** TLS sessions by endpoint: a browser resumes. */
  private readonly sessions = new Map<string, Buffer>();

  constructor(network: Network, secureContext: SecureContext, opened: Set<Socket>) {
    super({ keepAlive: true, maxSockets: connectionsPerHost, scheduling: "lifo" });
    this.network = network;
    this.secureContext = secureContext;
    this.opened = opened;
  }

  override createConnection(options: RequestOptions, callback?: Connected): undefined {
    const endpoint = `${options.host}:${options.port}`;
    const { proxy, resolve } = this.network;
    const direct = resolve.get(endpoint) ?? {
      address: options.host ?? "",
      port: Number(options.port),
    };
    const socket =
      proxy === null ? connectTcp(direct.port, direct.address) : connectTcp(proxy.port, proxy.host);
    this.opened.add(socket);
    socket.on("close", () => this.opened.delete(socket));
    socket.setNoDelay(true);
    const done = once(callback);
    socket.on("error", (error) => done(error, socket));
    const secure = (): void => this.secure(socket, options, endpoint, done);
    if (proxy === null) socket.once("connect", secure);
    else openTunnel(socket, endpoint, secure, done);
    return undefined;
  }

  private secure(socket: Socket, options: RequestOptions, endpoint: string, done: Connected): void {
    const session = this.sessions.get(endpoint);
    const secured = connectTls({
      socket,
      servername: options.host ?? "",
      secureContext: this.secureContext,
      ALPNProtocols: ["http/1.1"],
      ...(session === undefined ? {} : { session }),
    });
    secured.on("session", (fresh) => this.sessions.set(endpoint, fresh));
    secured.on("error", (error) => {
      socket.destroy();
      done(error, secured);
    });
    secured.once("close", () => done(closedEarly(), secured));
    secured.once("secureConnect", () => done(null, secured));
  }
}

function openTunnel(socket: Socket, endpoint: string, secure: () => void, done: Connected): void {
  let text = "";
  const onData = (chunk: Buffer): void => {
    text += chunk.toString("latin1");
    if (!text.includes("\r\n\r\n")) return;
    socket.off("data", onData).off("end", onEnd);
    if (/^HTTP\/1\.[01] 200/.test(text)) return secure();
    socket.destroy();
    done(Object.assign(new Error(text.split("\r\n", 1)[0]), { code: "ERR_TUNNEL" }), socket);
  };
  const onEnd = (): void => done(closedEarly(), socket);
  socket.on("data", onData);
  socket.on("end", onEnd);
  socket.write(
    `CONNECT ${endpoint} HTTP/1.1\r\nHost: ${endpoint}\r\nUser-Agent: ${firefox64}\r\nProxy-Connection: keep-alive\r\n\r\n`,
  );
}

const closedEarly = (): Error =>
  Object.assign(new Error("closed before it was open"), { code: "ECONNRESET" });

function once(callback: Connected | undefined): Connected {
  let called = false;
  return (error, stream) => {
    if (called) return;
    called = true;
    callback?.(error, stream);
  };
}
