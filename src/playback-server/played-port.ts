/** One recorded host and port, listening on this machine: requests in, acts out, with connections that can be broken as they were. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type SecureContext, TLSSocket } from "node:tls";
import { type WebSocket, WebSocketServer } from "ws";
import type { Header } from "../domain/exchange.ts";
import type { Act } from "../playback/act.ts";
import type { Place } from "../playback/recording.ts";
import type { TakenAnswer } from "../playback/taken-exchange.ts";

export interface PortOptions {
  readonly place: Place;
  /** null = plain HTTP. */
  readonly secureContext: SecureContext | null;
  readonly address: string;
  readonly onRequest: (request: IncomingMessage, body: string, exchange: PlayedExchange) => void;
  /** false = refused: the client gets a 404. */
  readonly onSocket: (request: IncomingMessage, socket: PlayedChannel) => boolean;
}

/** A WebSocket that a client wants: its messages come once it is accepted. */
export interface PlayedChannel extends PlayedExchange {
  onMessage(listener: (text: string) => void): void;
}

/** A request that waits for its act. */
export interface PlayedExchange {
  /** Called when the client goes before it was answered. */
  onGone(listener: () => void): void;
  perform(act: Act): void;
}

/** Headers that speak of how the body travelled then. */
const travel: ReadonlySet<string> = new Set([
  "transfer-encoding",
  "connection",
  "keep-alive",
  "trailer",
]);

export class PlayedPort {
  readonly place: Place;
  readonly #options: PortOptions;
  readonly #http: Server;
  readonly #tcp: ReturnType<typeof createTcpServer>;
  readonly #sockets = new Set<Socket>();
  readonly #doors = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has("xmpp") ? "xmpp" : false),
  });
  readonly #rawOf = new WeakMap<Socket, Socket>();

  constructor(options: PortOptions) {
    this.#options = options;
    this.place = options.place;
    this.#http = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 });
    this.#http.on("request", (request, response) => this.#read(request, response));
    this.#http.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    this.#http.on("clientError", (_error, socket) => socket.destroy());
    this.#tcp = createTcpServer((raw) => this.#accept(raw));
  }

  get port(): number {
    return (this.#tcp.address() as AddressInfo).port;
  }

  /** Fails with the system's error. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#tcp.once("error", reject);
      this.#tcp.listen(0, this.#options.address, 1024, () => {
        this.#tcp.off("error", reject);
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#tcp.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(raw: Socket): void {
    this.#sockets.add(raw);
    raw.on("close", () => this.#sockets.delete(raw));
    // A client that resets is part of the play.
    raw.on("error", () => raw.destroy());
    raw.setNoDelay(true);
    const { secureContext } = this.#options;
    if (secureContext === null) {
      this.#rawOf.set(raw, raw);
      this.#http.emit("connection", raw);
      return;
    }
    const secured = new TLSSocket(raw, {
      isServer: true,
      secureContext,
      ALPNProtocols: ["http/1.1"],
    });
    this.#rawOf.set(secured, raw);
    secured.on("error", () => raw.destroy());
    this.#http.emit("connection", secured);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const raw = this.#rawOf.get(request.socket) ?? request.socket;
    const channel = new Channel(raw);
    if (this.#options.onSocket(request, channel)) {
      this.#doors.handleUpgrade(request, socket, head, (opened) => channel.open(opened));
      return;
    }
    socket.end("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  }

  #read(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on("error", () => request.socket.destroy());
    response.on("error", () => request.socket.destroy());
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const raw = this.#rawOf.get(request.socket) ?? request.socket;
      const exchange: PlayedExchange = {
        onGone: (listener) => {
          response.on("close", () => {
            if (!response.writableFinished) listener();
          });
        },
        perform: (act) => perform(act, response, raw),
      };
      this.#options.onRequest(request, Buffer.concat(chunks).toString("utf8"), exchange);
    });
  }
}

class Channel implements PlayedChannel {
  readonly #gone: (() => void)[] = [];
  readonly #heard: ((text: string) => void)[] = [];
  readonly #raw: Socket;
  /** What is to be done before the handshake is over. */
  readonly #early: Act[] = [];
  #socket: WebSocket | null = null;

  constructor(raw: Socket) {
    this.#raw = raw;
    raw.once("close", () => {
      for (const listener of this.#gone) listener();
    });
  }

  onGone(listener: () => void): void {
    this.#gone.push(listener);
  }

  onMessage(listener: (text: string) => void): void {
    this.#heard.push(listener);
  }

  open(socket: WebSocket): void {
    this.#socket = socket;
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      if (isBinary) return;
      for (const listener of this.#heard) listener(data.toString("utf8"));
    });
    // The close that follows says all that matters.
    socket.on("error", () => socket.terminate());
    for (const act of this.#early.splice(0)) this.perform(act);
  }

  perform(act: Act): void {
    if (this.#socket === null) return void this.#early.push(act);
    if (act.kind === "message") this.#socket.send(act.text);
    else if (act.kind === "close") this.#socket.close(act.code);
    // A later turn: a reset from inside the TLS engine's own callback ends the process.
    else if (act.kind === "cut" && act.how === "reset")
      setImmediate(() => this.#raw.resetAndDestroy());
    else if (act.kind === "cut") this.#raw.end();
  }
}

function perform(act: Act, response: ServerResponse, raw: Socket): void {
  if (response.destroyed || response.writableEnded) return;
  if (act.kind === "answer") {
    writeHead(response, act.answer, act.answer.body.length);
    response.end(act.answer.body);
    return;
  }
  if (act.kind !== "cut") return;
  const cut = (): void => {
    // A later turn: a reset from inside the TLS engine's own callback ends the process.
    setImmediate(() => {
      if (act.how === "reset") raw.resetAndDestroy();
      else response.socket?.end();
    });
  };
  if (act.begun === null) return cut();
  const said = act.begun.headers.find(({ name }) => name.toLowerCase() === "content-length");
  // More than comes, so that the client notices that half of it is missing.
  const length = Math.max(Number(said?.value) || 0, act.begun.body.length + 1);
  writeHead(response, act.begun, length);
  if (act.begun.body.length === 0) response.flushHeaders();
  // The bytes have to be out before the connection goes.
  response.write(act.begun.body, cut);
}

/** As it was recorded, in its order; only the length is of now. */
function writeHead(response: ServerResponse, answer: TakenAnswer, length: number): void {
  const { status, reason, headers } = answer;
  response.sendDate = false;
  response.removeHeader("Connection");
  const isBodiless = status === 204 || status === 304 || status < 200;
  const own = { name: "Content-Length", value: String(length) };
  const isLength = ({ name }: Header): boolean => name.toLowerCase() === "content-length";
  const lines = headers
    .filter(({ name }) => !travel.has(name.toLowerCase()))
    .map((header) => (isLength(header) ? { ...own, name: header.name } : header));
  const all: readonly Header[] = isBodiless
    ? lines.filter((header) => !isLength(header))
    : lines.some(isLength)
      ? lines
      : [...lines, own];
  const flat = all.flatMap(({ name, value }) => [name, inLatin(value)]);
  response.writeHead(status, reason, flat);
}

/** What redaction put in place of a secret can't be sent as a header's value. */
const inLatin = (value: string): string =>
  value
    .replaceAll(/‹secret[ +](\w+)›/g, "secret-$1")
    .replaceAll(/[^\t\u0020-\u007e\u0080-\u00ff]/g, "");
