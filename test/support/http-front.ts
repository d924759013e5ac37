/** A reverse proxy in front of servers, as a well-meant device in a network is: it ends TLS, reads requests, and may mistreat them. */
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, type Server, request as sendSecurely } from "node:https";
import type { AddressInfo } from "node:net";
import { trusted } from "./tls-fixtures.ts";

export interface FrontRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

export interface FrontAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export interface HttpFrontOptions {
  /** Port of 127.0.0.1 for a path. */
  readonly target: (path: string) => number;
  /** In place of the server; null = the server's own. */
  readonly instead?: (request: FrontRequest) => Promise<FrontAnswer | null>;
  /** Called when a request has been answered by the server: what else is sent to it. */
  readonly also?: (request: FrontRequest, again: (body: Buffer) => Promise<FrontAnswer>) => void;
}

export class HttpFront implements AsyncDisposable {
  readonly #server: Server;
  readonly #options: HttpFrontOptions;
  readonly #agent = new Agent({ keepAlive: true, rejectUnauthorized: false });

  private constructor(options: HttpFrontOptions) {
    this.#options = options;
    this.#server = createServer({ cert: trusted.cert, key: trusted.key }, (request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    this.#server.keepAliveTimeout = 120_000;
    this.#server.requestTimeout = 0;
  }

  static async start(options: HttpFrontOptions): Promise<HttpFront> {
    const front = new HttpFront(options);
    front.#server.listen(0, "127.0.0.1");
    await once(front.#server, "listening");
    return front;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request: FrontRequest = {
      method: incoming.method ?? "GET",
      path: incoming.url ?? "/",
      headers: incoming.headers,
      body: Buffer.concat(chunks),
    };
    const given = (await this.#options.instead?.(request)) ?? null;
    const answer = given ?? (await this.#forward(request, response));
    if (response.destroyed) return;
    response.writeHead(answer.status, answer.headers).end(answer.body);
    if (given === null) {
      this.#options.also?.(request, (body) => this.#forward({ ...request, body }, null));
    }
  }

  #forward(request: FrontRequest, waiting: ServerResponse | null): Promise<FrontAnswer> {
    const { promise, resolve, reject } = Promise.withResolvers<FrontAnswer>();
    const { "content-length": _, connection: __, ...headers } = request.headers;
    const outgoing = sendSecurely(
      {
        agent: this.#agent,
        host: "127.0.0.1",
        port: this.#options.target(request.path),
        method: request.method,
        path: request.path,
        headers: { ...headers, "content-length": `${request.body.length}` } as never,
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const { "transfer-encoding": ___, connection: ____, ...kept } = answer.headers;
          resolve({
            status: answer.statusCode ?? 502,
            headers: kept as Record<string, string>,
            body: Buffer.concat(chunks),
          });
        });
      },
    );
    outgoing.on("error", reject);
    waiting?.on("close", () => outgoing.destroy());
    outgoing.end(request.body);
    return promise;
  }
}
