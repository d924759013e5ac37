/** The HTTP under BOSH: requests to one server over connections of our own making, so that our dial and trust apply. */
import { Agent, type ClientRequestArgs, request as sendRequest } from "node:http";
import { isIPv6 } from "node:net";
import { Duplex } from "node:stream";
import { fail } from "../base/errors.ts";
import type { ServerCertificate } from "../domain/connection.ts";
import type { Target } from "../intercept/target.ts";
import { maxFrameLength } from "./carrier.ts";
import { type Network, openTls } from "./network.ts";

export interface BoshHttp {
  readonly certificate: () => ServerCertificate | null;
  /** The answer's status and text. Rejects when there is none, or not within `withinMs`. */
  post(body: string, withinMs: number): Promise<{ readonly status: number; readonly text: string }>;
  close(): void;
}

export const authorityOf = ({ host, port }: Target): string => {
  const name = isIPv6(host) ? `[${host}]` : host;
  return port === 443 ? name : `${name}:${port}`;
};

/** Hands out sockets that are TLS already; http would make plain ones. */
class SecureAgent extends Agent {
  readonly #open: () => Promise<Duplex>;

  constructor(open: () => Promise<Duplex>) {
    // As many as BOSH needs: one that waits, one that speaks.
    super({ keepAlive: true, maxSockets: 2 });
    this.#open = open;
  }

  override createConnection(
    _options: ClientRequestArgs,
    done?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    void this.#hand(done);
  }

  async #hand(done?: (error: Error | null, stream: Duplex) => void): Promise<void> {
    try {
      const socket = await this.#open();
      done?.(null, socket);
    } catch (error) {
      // With an error nobody looks at the stream.
      done?.(error instanceof Error ? error : new Error(String(error)), new Duplex());
    }
  }
}

export function openBoshHttp(network: Network, target: Target, path: string): BoshHttp {
  let certificate: ServerCertificate | null = null;
  const agent = new SecureAgent(async () => {
    const secured = await openTls(network, target);
    // The first tells whether it was seen before.
    certificate ??= secured.certificate;
    return secured.socket;
  });
  const headers = { host: authorityOf(target), "content-type": "text/xml; charset=utf-8" };
  return {
    certificate: () => certificate,
    close: () => agent.destroy(),
    async post(body, withinMs) {
      const { promise, resolve, reject } = Promise.withResolvers<{
        status: number;
        text: string;
      }>();
      const length = { "content-length": `${Buffer.byteLength(body)}` };
      const request = sendRequest({
        agent,
        method: "POST",
        path,
        headers: { ...headers, ...length },
      });
      const signal = AbortSignal.timeout(withinMs);
      const onAbort = (): void =>
        void request.destroy(new Error(`no answer within ${withinMs} ms`));
      signal.addEventListener("abort", onAbort);
      request.on("error", reject);
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on("data", (chunk: Buffer) => {
          length += chunk.length;
          chunks.push(chunk);
          if (length > 2 * maxFrameLength) request.destroy(tooLong(target));
        });
        response.on("error", reject);
        response.on("aborted", () => reject(new Error("the answer was cut")));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      });
      request.end(body);
      return await promise.finally(() => signal.removeEventListener("abort", onAbort));
    },
  };
}

const tooLong = ({ host, port }: Target): Error =>
  fail("xmpp-failed", { host, port, why: "an answer is longer than this console reads" });
