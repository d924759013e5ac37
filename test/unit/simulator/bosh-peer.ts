/** A bare client for the simulated servers: one connection a request, bodies written by the test. */
import { readFileSync } from "node:fs";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { fileURLToPath } from "node:url";
import type { FinessePair } from "../../../src/simulator/finesse-pair.ts";
import type { NodePort } from "../../../src/simulator/node/finesse-node.ts";

export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Simulated ms from the request to the answer. */
  readonly took: number;
}

export interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly port?: NodePort;
  readonly host?: string;
}

export const httpBind = "http://jabber.org/protocol/httpbind";

export const sample = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/samples/${name}`, import.meta.url)), "utf8");

export function ask(pair: FinessePair, wanted: Ask): Promise<Answer> {
  const host = wanted.host ?? pair.publisher.host;
  const port = wanted.port ?? 7443;
  const node = pair.node(host);
  const started = pair.time.now();
  return new Promise((resolve, reject) => {
    const request = (port === 7071 ? requestHttp : requestHttps)({
      host: "127.0.0.1",
      port: node?.portOf(port),
      servername: host,
      agent: false,
      ca: pair.certificates,
      method: wanted.method ?? "POST",
      path: wanted.path ?? "/http-bind/",
      headers: { Host: `${host}:${port}`, ...wanted.headers },
    });
    request.on("error", reject);
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          reason: response.statusMessage ?? "",
          body: Buffer.concat(chunks).toString("utf8"),
          headers: response.headers,
          took: pair.time.now() - started,
        }),
      );
    });
    request.end(wanted.body ?? "");
  });
}

/** A BOSH client driven step by step. */
export class BoshPeer {
  readonly pair: FinessePair;
  readonly host: string;
  sid = "";
  rid: number;

  constructor(pair: FinessePair, rid = 2_861_121_871, host = pair.publisher.host) {
    this.pair = pair;
    this.rid = rid;
    this.host = host;
  }

  post(body: string, port: NodePort = 7443): Promise<Answer> {
    return ask(this.pair, { body, port, host: this.host });
  }

  async create(
    attributes = 'hold="1" ver="1.9" wait="30"',
    port: NodePort = 7443,
  ): Promise<Answer> {
    const answer = await this.post(
      `<body xmlns="${httpBind}" ${attributes} to="${this.host}" rid="${this.rid}"/>`,
      port,
    );
    this.sid = / sid="([^"]+)"/.exec(answer.body)?.[1] ?? "";
    return answer;
  }

  /** The next rid, or the one given. */
  send(content: string, rid = ++this.rid, attributes = ""): Promise<Answer> {
    const head = `<body xmlns="${httpBind}" sid="${this.sid}" rid="${rid}"${attributes}`;
    return this.post(content === "" ? `${head}/>` : `${head}>${content}</body>`);
  }

  poll(rid?: number): Promise<Answer> {
    return this.send("", rid);
  }

  auth(user: string, password: string): Promise<Answer> {
    const secret = Buffer.from(`\0${user}\0${password}`).toString("base64");
    return this.send(
      `<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="PLAIN">${secret}</auth>`,
    );
  }

  restart(): Promise<Answer> {
    return this.send("", undefined, ' xmlns:xmpp="urn:xmpp:xbosh" xmpp:restart="true"');
  }

  bind(resource = "desktop", id = "b1"): Promise<Answer> {
    return this.send(
      `<iq xmlns="jabber:client" type="set" id="${id}"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"><resource>${resource}</resource></bind></iq>`,
    );
  }

  presence(type = ""): Promise<Answer> {
    const attribute = type === "" ? "" : ` type="${type}"`;
    return this.send(`<presence xmlns="jabber:client"${attribute}/>`);
  }

  /** All steps up to the first presence. */
  async signIn(user: string, password: string): Promise<this> {
    await this.create();
    await this.auth(user, password);
    await this.restart();
    await this.bind();
    await this.presence();
    return this;
  }
}
