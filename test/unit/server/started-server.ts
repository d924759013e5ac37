/** A running server over a capture in memory, and the little that its tests need to talk to it. */
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { systemClock } from "../../../src/base/clock.ts";
import { createLog } from "../../../src/base/log.ts";
import type { FaultDesk } from "../../../src/domain/fault-desk.ts";
import { openFaultDesk } from "../../../src/fault-book/open-fault-desk.ts";
import type { FeedMessage, PageConfig } from "../../../src/server/messages.ts";
import { type ServerOptions, startServer } from "../../../src/server/start-server.ts";
import { MemoryRecorder } from "../../support/memory-recorder.ts";

export const token = "correct-horse-battery-staple";

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly bytes: Buffer;
  /** The body as JSON. */
  readonly value: never;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** Sent as JSON, unless it is text. */
  readonly body?: unknown;
  /** null = none. */
  readonly bearer?: string | null;
}

/** Where nothing is held, and nothing sent. */
export const noBreakpoints: ServerOptions["breakpoints"] = {
  held: () => [],
  settle: () => Promise.reject(new Error("not asked here")),
};
export const noReplay: ServerOptions["replay"] = {
  replay: () => Promise.reject(new Error("not asked here")),
  compose: () => Promise.reject(new Error("not asked here")),
};
export const noComparison: ServerOptions["compare"] = {
  exchanges: () => Promise.reject(new Error("not asked here")),
  captures: () => Promise.reject(new Error("not asked here")),
};

const notAsked = (): never => {
  throw new Error("not asked here");
};
export const noXmpp: Pick<ServerOptions, "xmpp" | "agentStanzas"> = {
  xmpp: {
    signIn: notAsked,
    sessions: () => [],
    run: notAsked,
    stanzas: notAsked,
    signOut: notAsked,
  },
  agentStanzas: notAsked,
};

/** A desk on which nothing happens: it is closed, and what it knows is never saved. */
export function idleFaults(): FaultDesk {
  const capture = new MemoryRecorder();
  const opened = openFaultDesk({
    path: "/nowhere/faults.json",
    recorder: capture,
    reader: capture,
    clock: systemClock,
    log: createLog({ level: "error", format: "json", write: () => undefined }),
    timeScale: 1,
  });
  opened.close();
  return opened.desk;
}

/** Starts a server; what is not given is made up. */
export async function startTestServer(given: Partial<ServerOptions> = {}) {
  const capture = new MemoryRecorder();
  const logged: string[] = [];
  const folder = await mkdtemp(join(tmpdir(), "boshscope-server-"));
  const webDir = join(folder, "web");
  const log = createLog({ level: "debug", format: "json", write: (line) => logged.push(line) });
  // Its listeners are no business of those who count the feed's.
  const faultCapture = new MemoryRecorder();
  const faults = openFaultDesk({
    path: join(folder, "faults.json"),
    recorder: faultCapture,
    reader: faultCapture,
    clock: systemClock,
    log,
    timeScale: 1,
  });
  const server = await startServer({
    host: "127.0.0.1",
    port: 0,
    token,
    recorder: capture,
    reader: capture,
    faults: faults.desk,
    clock: systemClock,
    log,
    webDir,
    breakpoints: noBreakpoints,
    replay: noReplay,
    ...noXmpp,
    compare: noComparison,
    ca: {
      pem: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
      der: Uint8Array.of(0x30, 0x82, 0x01, 0xff),
      fingerprint256: "AA:BB",
      subject: "Boshscope local CA",
    },
    proxy: () => ({ host: "127.0.0.1", port: 8888 }),
    finesseHosts: () => ["fin1.demo.test"],
    receiveLog: () => Promise.reject(new Error("no log is expected")),
    exportFile: () => Promise.reject(new Error("no export is expected")),
    importFile: () => Promise.reject(new Error("no import is expected")),
    config: () => pageConfig,
    loopLagMs: () => ({ p50: 0.5, p99: 2 }),
    version: "0.1.0",
    ...given,
  });
  const ask = (path: string, asked: Asked = {}) => askServer(server.port, path, asked);
  const sockets: FeedReader[] = [];
  return {
    server,
    capture,
    faults,
    logged,
    webDir,
    ask,
    /** Opens the feed and waits for its hello. */
    feed: async (query = "", headers: Record<string, string> = {}) => {
      const reader = new FeedReader(server.port, query, headers);
      sockets.push(reader);
      await reader.until((message) => message.kind === "hello");
      return reader;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.socket.terminate();
      await server.close();
      faults.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function askServer(port: number, path: string, asked: Asked): Promise<Answered> {
  const { method = "GET", headers = {}, body, bearer = token } = asked;
  const request = httpRequest({
    host: "127.0.0.1",
    port,
    path,
    method,
    agent: false,
    headers: {
      ...(bearer === null ? {} : { Authorization: `Bearer ${bearer}` }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(headers as Record<string, string>),
    },
  });
  request.end(body === undefined || typeof body === "string" ? body : JSON.stringify(body));
  const [response] = await once(request, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString("utf8");
  return {
    status: response.statusCode,
    headers: response.headers,
    text,
    bytes,
    get value() {
      return JSON.parse(text) as never;
    },
  };
}

/** One client of the feed: everything it was told, and a way to wait for more. */
export class FeedReader {
  readonly socket: WebSocket;
  readonly messages: FeedMessage[] = [];
  readonly texts: string[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(port: number, query = "", headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/api/feed${query}`, {
      headers: { Authorization: `Bearer ${token}`, ...headers },
    });
    this.socket.on("message", (data: Buffer) => {
      const text = data.toString();
      this.texts.push(text);
      this.messages.push(JSON.parse(text) as FeedMessage);
      for (const wake of this.#waiting) wake();
    });
    this.socket.on("error", () => this.#wakeAll());
    this.socket.on("close", () => this.#wakeAll());
  }

  send(value: unknown): void {
    this.socket.send(typeof value === "string" ? value : JSON.stringify(value));
  }

  /** The first message from index `from` on that passes; fails after 5 s or when the feed closes. */
  async until(passes: (message: FeedMessage) => boolean, from = 0): Promise<FeedMessage> {
    const deadline = AbortSignal.timeout(5000);
    for (;;) {
      const found = this.messages.slice(from).find(passes);
      if (found !== undefined) return found;
      if (deadline.aborted) throw new Error(`not told in time; told: ${this.texts.join("\n")}`);
      if (this.socket.readyState > WebSocket.OPEN) throw new Error("the feed was closed");
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          deadline.removeEventListener("abort", wake);
          resolve();
        };
        this.#waiting.add(wake);
        deadline.addEventListener("abort", wake);
      });
    }
  }

  /** Resolves with the close code. */
  async closed(): Promise<number> {
    const [code] = await once(this.socket, "close", { signal: AbortSignal.timeout(5000) });
    return code as number;
  }

  /** What a page would show now: rows merged by seq, without those gone, since the last resync. */
  rows(): ReadonlyMap<string, { readonly seq: number; readonly path: string }> {
    const rows = new Map<string, { readonly seq: number; readonly path: string }>();
    for (const message of this.messages) mergeInto(rows, message);
    return rows;
  }

  /** The resume point a page would keep. */
  get since(): number {
    let since = 0;
    for (const message of this.messages) {
      if (message.kind === "hello" && since === 0) since = message.seq;
      if (message.kind === "rows") since = Math.max(since, message.seq);
    }
    return since;
  }

  #wakeAll(): void {
    for (const wake of this.#waiting) wake();
  }
}

/** Applies one message to a page's list. */
export function mergeInto<Row extends { readonly seq: number; readonly path: string }>(
  rows: Map<string, Row | { readonly seq: number; readonly path: string }>,
  message: FeedMessage,
): void {
  if (message.kind === "resync") rows.clear();
  if (message.kind !== "rows") return;
  for (const row of message.rows) {
    if ((rows.get(row.id)?.seq ?? 0) <= row.seq) rows.set(row.id, row);
  }
  for (const id of message.gone) rows.delete(id);
}

const pageConfig: PageConfig = {
  version: "0.1.0",
  proxy: { host: "127.0.0.1", port: 8888 },
  page: { host: "127.0.0.1", port: 8889 },
  caFingerprint256: "AA:BB",
  caSubject: "Boshscope local CA",
  platform: "linux",
  bodyLimit: 1_048_576,
  finesse: ["fin1.demo.test"],
  decryptPorts: [7443, 8445],
  serverCerts: "pin",
  timeScale: 1,
  options: [{ name: "proxy-port", value: "8888", origin: "default" }],
};
