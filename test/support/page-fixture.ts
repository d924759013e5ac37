/**
 * Serves the built page with made-up traffic and no proxy: for looking at it, and for measuring it in a browser.
 * Run it with `node test/support/page-fixture.ts [port] [bulk rows] [rows per second]` after `npm run build`.
 */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { type WebSocket, WebSocketServer } from "ws";
import type { ConnectionRecord } from "../../src/domain/connection.ts";
import type { ExchangeSummary } from "../../src/domain/exchange.ts";
import type { RecorderStatus } from "../../src/domain/recording.ts";
import type { FeedMessage, FindingView, ReplayInput } from "../../src/server/messages.ts";
import { pageConfig } from "./page-config.ts";
import { type FaultAnswer, PageFaults, sampleScenarios } from "./page-faults.ts";
import { sampleFindings } from "./page-findings.ts";
import { PageLogs } from "./page-logs.ts";
import {
  bulkRow,
  captureId,
  detailOf,
  type Made,
  makeExchange,
  sampleConnections,
  sampleExchanges,
} from "./page-rows.ts";
import { sampleTimeline } from "./page-timeline.ts";

const dist = fileURLToPath(new URL("../../web/dist/", import.meta.url));
const epoch = `${captureId}/page/0`;
const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'";

export interface PageFixtureOptions {
  readonly port?: number;
  /** Rows of a long shift before the samples; 0 = the samples alone. */
  readonly bulk?: number;
  /** No rows, no connections, nothing ticked. */
  readonly empty?: boolean;
  /** With findings, fault rules and a scenario run from the start. */
  readonly busy?: boolean;
}

/** The page's server with its rows in memory. */
export class PageFixture {
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch((thrown: unknown) => {
      response.writeHead(500).end(String(thrown));
    });
  });
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #bodies = new Map<string, Made>();
  readonly #connections: readonly ConnectionRecord[];
  #rows: ExchangeSummary[] = [];
  #hidden: ExchangeSummary[] = [];
  #seq = 0;
  #recording = true;
  #refusing = false;
  #timer: NodeJS.Timeout | null = null;
  readonly #empty: boolean;
  readonly #busy: boolean;
  readonly #began = Date.now();
  readonly faults = new PageFaults();
  readonly #logs = new PageLogs();
  /** Feed → the language of its sentences. */
  readonly #languages = new Map<WebSocket, string>();

  constructor(options: PageFixtureOptions) {
    const now = Date.now();
    const bulk = options.bulk ?? 0;
    this.#empty = options.empty ?? false;
    this.#busy = options.busy ?? false;
    if (this.#busy) this.faults.fill(now);
    this.#connections = this.#empty ? [] : sampleConnections(now);
    for (let number = 1; number <= bulk; number += 1) this.#rows.push(bulkRow(number, now));
    for (const made of this.#empty ? [] : sampleExchanges(now)) {
      const number = bulk + made.summary.number;
      const summary = { ...made.summary, number, seq: number, id: `${captureId}-${number}` };
      this.#bodies.set(summary.id, { ...made, summary });
      this.#rows.push(summary);
    }
    this.#seq = this.#rows.length;
    this.#server.on("upgrade", (request, socket, head) => {
      if (this.#refusing) {
        socket.destroy();
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (client) =>
        this.#welcome(client, request),
      );
    });
  }

  async listen(port: number): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return `http://127.0.0.1:${address.port}/`;
  }

  /** Sends `perSecond` new rows a second in batches of 50 ms, and changes one row in five. */
  flood(perSecond: number): void {
    const each = Math.max(1, Math.round(perSecond / 20));
    this.#timer = setInterval(() => {
      const rows = Array.from({ length: each }, () => this.#next());
      for (let index = 0; index < each / 5; index += 1) {
        const old = this.#rows[this.#rows.length - 1 - each - index * 7];
        if (old !== undefined) rows.push({ ...old, seq: ++this.#seq, comment: "changed" });
      }
      this.say({ kind: "rows", seq: this.#seq, rows, gone: [] });
    }, 50);
  }

  stopFlood(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Adds a row as if its first byte had come `ageMs` ago. */
  push(options: Parameters<typeof makeExchange>[3], ageMs = 0): ExchangeSummary {
    const number = this.#rows.length + 1;
    const made = makeExchange(number, Date.now(), ageMs, options);
    const summary = { ...made.summary, seq: ++this.#seq };
    this.#bodies.set(summary.id, { ...made, summary });
    this.#rows.push(summary);
    this.say({ kind: "rows", seq: this.#seq, rows: [summary], gone: [] });
    return summary;
  }

  say(message: FeedMessage): void {
    const text = JSON.stringify(message);
    for (const client of this.#sockets.clients) client.send(text);
  }

  /** Tells a finding, as when one is made or revised. */
  tell(finding: FindingView): void {
    this.say({ kind: "findings", captureId, findings: [finding] });
  }

  sayFaults(): void {
    for (const [client, language] of this.#languages)
      client.send(JSON.stringify({ kind: "faults", faults: this.faults.state(language) }));
  }

  /** While true, feeds are dropped and none is let in, as while the program is down. */
  refuseFeeds(refusing: boolean): void {
    this.#refusing = refusing;
    if (refusing) this.dropFeeds();
  }

  /** Drops all feeds, as a restart would. */
  dropFeeds(): void {
    for (const client of this.#sockets.clients) client.terminate();
  }

  async close(): Promise<void> {
    this.stopFlood();
    this.dropFeeds();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #next(): ExchangeSummary {
    const row = { ...bulkRow(this.#rows.length + 1, Date.now()), seq: ++this.#seq };
    this.#rows.push(row);
    return row;
  }

  #welcome(client: WebSocket, request: IncomingMessage): void {
    const hello: FeedMessage = {
      kind: "hello",
      captureId,
      epoch,
      seq: this.#seq,
      now: new Date().toISOString(),
      status: this.#status(),
    };
    client.send(JSON.stringify(hello));
    const asked = new URL(request.url ?? "/", "http://page").searchParams;
    const language = asked.get("lang") ?? "en";
    this.#languages.set(client, language);
    client.on("close", () => this.#languages.delete(client));
    const findings = this.#busy ? sampleFindings(this.#began, language) : [];
    client.send(JSON.stringify({ kind: "findings", captureId, findings }));
    client.send(JSON.stringify({ kind: "faults", faults: this.faults.state(language) }));
    if (!this.#empty)
      for (const one of sampleTimeline(this.#began)) client.send(JSON.stringify(one));
    const since = asked.get("since");
    if (since !== null) {
      const rows = this.#rows.filter((row) => row.seq > Number(since));
      const missed: FeedMessage = { kind: "rows", seq: this.#seq, rows, gone: [] };
      client.send(JSON.stringify(missed));
    }
    this.sayStatus();
  }

  /** Sends the status to all feeds. */
  sayStatus(): void {
    this.say({
      kind: "status",
      now: new Date().toISOString(),
      status: this.#status(),
      loopLagMs: { p50: 0.4, p99: 2.7 },
    });
  }

  #status(): RecorderStatus {
    const at = new Date(Date.now() - 60_000).toISOString();
    const endpoint = (name: string, port: number, state: "trusted" | "rejected" | "tunnel") => ({
      host: name,
      port,
      state,
      alert: state === "rejected" ? 46 : null,
      at,
    });
    return {
      captureId,
      captureName: "Tuesday, early shift",
      recording: this.#recording,
      pending: this.#rows.filter((row) => row.outcome.kind === "pending").length,
      exchanges: this.#rows.length,
      openConnections: 7,
      bytes: 41_231_872,
      notKept: 0,
      connectionErrors: {},
      alerts: this.#empty
        ? []
        : [
            { code: "undecrypted-7443", since: at, count: 18_211, detail: "fin2.ucce.local:7443" },
            ...(this.#recording
              ? []
              : [{ code: "recording-paused" as const, since: at, count: 0, detail: "" }]),
          ],
      setup: this.#empty
        ? { proxySeen: null, endpoints: [], httpBindSeen: null }
        : {
            proxySeen: at,
            httpBindSeen: at,
            endpoints: [
              endpoint("fin1.ucce.local", 7443, "trusted"),
              endpoint("fin1.ucce.local", 8445, "trusted"),
              endpoint("fin2.ucce.local", 7443, "rejected"),
              endpoint("teams.microsoft.com", 443, "tunnel"),
            ],
          },
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://page");
    if (!url.pathname.startsWith("/api/")) return sendFile(url.pathname, response);
    if (request.method !== "GET") return this.#command(request, url, response);
    const path = url.pathname.slice("/api/".length).split("/").map(decodeURIComponent);
    if (path[0] === "exchanges") return this.#exchanges(path, url, response);
    if (path[0] === "connections") return this.#connection(path[1], response);
    const language = url.searchParams.get("lang") ?? "en";
    if (path[0] === "scenarios")
      return sendJson(response, 200, { scenarios: sampleScenarios(language) });
    if (path[0] === "lanes")
      return sendJson(response, 200, { captureId, marks: [], next: 0, more: false });
    if (path[0] === "logs")
      return sendJson(response, 200, this.#logs.lines(url.searchParams.get("agent")));
    if (path[0] === "log-files") return sendJson(response, 200, this.#logs.files());
    if (path[0] === "agents") return sendJson(response, 200, { agents: [] });
    if (path[0] === "xmpp") return sendJson(response, 200, { sessions: [] });
    if (path[0] === "captures")
      return sendJson(response, 200, { captures: [], current: captureId });
    if (path[0] === "config") return sendJson(response, 200, pageConfig);
    if (path[0] === "lanes") {
      return sendJson(response, 200, { captureId, marks: [], next: 0, more: false });
    }
    sendJson(response, 404, {
      error: { code: "not-found", message: "No such route.", remedy: "" },
    });
  }

  #exchanges(path: readonly string[], url: URL, response: ServerResponse): void {
    if (path[1] === undefined) {
      this.#page(url, response);
      return;
    }
    const made = this.#bodies.get(path[1]);
    if (made === undefined) {
      sendJson(response, 404, {
        error: { code: "not-found", message: "No such row.", remedy: "" },
      });
      return;
    }
    if (path[2] === "request-body") response.end(made.requestBody);
    else if (path[2] === "response-body") response.end(made.responseBody);
    else if (path[2] === "frames") {
      sendJson(response, 200, { frames: made.frames, next: made.frames.length, more: false });
    } else {
      const summary = this.#rows.find((row) => row.id === path[1]) ?? made.summary;
      sendJson(response, 200, { ...detailOf({ ...made, summary }), connectionRecord: null });
    }
  }

  /** Understands just enough of the filter language to be looked at. */
  #page(url: URL, response: ServerResponse): void {
    const query = url.searchParams.get("q") ?? "";
    if (query.includes("!")) {
      const error = {
        code: "query-invalid",
        message: `The filter can't be read at "!": a word cannot begin with it.`,
        remedy: "Example: host:fin1 port:7443 is:pending status:404 body~READY hold>30s",
      };
      sendJson(response, 400, { error });
      return;
    }
    const before = Number(url.searchParams.get("before"));
    const limit = Number(url.searchParams.get("limit"));
    const below = this.#rows.filter((row) => row.number < before && matches(row, query));
    const page = below.slice(-limit).toReversed();
    sendJson(response, 200, {
      exchanges: page,
      next: page.at(-1)?.number ?? 0,
      more: below.length > limit,
    });
  }

  #connection(id: string | undefined, response: ServerResponse): void {
    if (id === undefined) {
      sendJson(response, 200, { connections: this.#connections, next: 12, more: false });
      return;
    }
    const record = this.#connections.find((one) => String(one.id) === id) ?? this.#connections[0];
    sendJson(response, record === undefined ? 404 : 200, record ?? {});
  }

  async #command(request: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (url.pathname === "/api/logs") {
      const text = Buffer.concat(parts).toString();
      return sendJson(response, 200, this.#logs.load(url.searchParams.get("name") ?? "", text));
    }
    const body = parts.length === 0 ? {} : (JSON.parse(Buffer.concat(parts).toString()) as object);
    const path = url.pathname.slice("/api/".length).split("/").map(decodeURIComponent);
    const answer = this.#sideDesk(request.method ?? "", path, body);
    if (answer !== null) return sendJson(response, answer.status, answer.body);
    if ("action" in body) this.#recording = body.action !== "pause";
    const ids = url.searchParams.get("ids")?.split(",");
    if (request.method === "DELETE") this.#remove(ids);
    if (url.pathname.endsWith("/undo-clear")) this.#rows = this.#hidden;
    if (request.method === "PATCH") this.#patch(url.pathname.split("/").at(-1) ?? "", body);
    this.sayStatus();
    response.writeHead(204).end();
  }

  #sideDesk(method: string, path: readonly string[], body: object): FaultAnswer | null {
    if (path[0] === "replay") return this.#replay(body);
    const answer = this.faults.answer(method, path, body);
    if (answer !== null) this.sayFaults();
    return answer;
  }

  /** Refuses http-bind unless forced, as the server does. */
  #replay(body: object): FaultAnswer {
    const asked = body as ReplayInput;
    const row = this.#rows.find(({ id }) => id === asked.exchange);
    if (row?.role === "poll" && asked.force !== true) {
      const error = {
        code: "replay-refused",
        message: "Replaying http-bind would end the agent's session: its rid has been used.",
        remedy: "Force it only against a simulator.",
      };
      return { status: 409, body: { error } };
    }
    const made = this.push({ role: "rest", path: row?.path ?? "/", notes: ["replayed"] });
    return { status: 200, body: { exchanges: [made.id] } };
  }

  #remove(ids: readonly string[] | undefined): void {
    this.#hidden = this.#rows;
    this.#rows = ids === undefined ? [] : this.#rows.filter((row) => !ids.includes(row.id));
    if (ids === undefined) this.say({ kind: "resync", reason: "cleared", epoch });
    else this.say({ kind: "rows", seq: this.#seq, rows: [], gone: ids });
  }

  #patch(id: string, fields: object): void {
    const index = this.#rows.findIndex((row) => row.id === id);
    const row = this.#rows[index];
    if (row === undefined) return;
    const changed = { ...row, ...fields, seq: ++this.#seq };
    this.#rows[index] = changed;
    this.say({ kind: "rows", seq: this.#seq, rows: [changed], gone: [] });
  }
}

const matches = (row: ExchangeSummary, query: string): boolean =>
  query === "" ||
  (query.startsWith("is:poll agent=") &&
    row.role === "poll" &&
    row.agent === JSON.parse(query.slice("is:poll agent=".length))) ||
  (query === "is:pending" && row.outcome.kind === "pending") ||
  row.url.includes(query);

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(status === 204 ? undefined : JSON.stringify(value));
}

async function sendFile(path: string, response: ServerResponse): Promise<void> {
  const name = normalize(path === "/" ? "/index.html" : path);
  const bytes = await readFile(join(dist, name));
  response
    .writeHead(200, {
      "content-type": types[extname(name)] ?? "application/octet-stream",
      "content-security-policy": policy,
    })
    .end(bytes);
}

export async function startPageFixture(
  options: PageFixtureOptions = {},
): Promise<{ readonly fixture: PageFixture; readonly url: string }> {
  const fixture = new PageFixture(options);
  return { fixture, url: await fixture.listen(options.port ?? 0) };
}

if (import.meta.main) {
  const [port, bulk, rate] = process.argv.slice(2).map(Number);
  const { fixture, url } = await startPageFixture({ port: port ?? 0, bulk: bulk ?? 0, busy: true });
  if (rate !== undefined && rate > 0) fixture.flood(rate);
  process.stdout.write(`${url}\n`);
}
