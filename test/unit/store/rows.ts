/** Rows as the recorder would save them, and what the store must give back for them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../../src/base/clock.ts";
import type { ExchangeSummary } from "../../../src/domain/exchange.ts";
import type {
  CommitBatch,
  StoredConnection,
  StoredExchange,
  StoredFrame,
  StoredMessage,
} from "../../../src/domain/recording.ts";
import { openWriter, type PublishingWriter } from "../../../src/store/open-writer.ts";

export const startWall = Date.parse("2026-03-01T10:00:00.000Z");

/** A clock that stands still until a test turns it. */
export class TurnedClock implements Clock {
  now = startWall;
  mono(): number {
    return this.now;
  }
  wall(): number {
    return this.now;
  }
}

/** A folder that is gone after the test. */
export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "boshscope-store-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A writer on a file of its own. */
export function temporaryWriter(clock: Clock = new TurnedClock()): {
  readonly path: string;
  readonly writer: PublishingWriter;
} & Disposable {
  const folder = temporaryFolder();
  const path = join(folder.path, "capture.sqlite");
  const writer = openWriter(path, { captureId: "c0ffee", name: "test", clock, secretsKept: false });
  return {
    path,
    writer,
    [Symbol.dispose]: () => {
      writer.close();
      folder[Symbol.dispose]();
    },
  };
}

export const batch = (parts: Partial<CommitBatch>): CommitBatch => ({
  exchanges: [],
  connections: [],
  frames: [],
  ...parts,
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export const message = (head: string, body: string | null): StoredMessage => ({
  head,
  trailers: "",
  body: body === null ? null : bytes(body),
  wireLength: body === null ? 0 : bytes(body).length,
  encoding: null,
  decoded: false,
  cut: false,
  hash: body === null ? null : "9f31",
});

const requestHead =
  "POST /http-bind/ HTTP/1.1\r\nHost: fin1.demo.test:7443\r\nContent-Type: text/xml\r\n\r\n";
const responseHead = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nServer: Openfire\r\n\r\n";

/** An answered poll; `change` makes it anything else. */
export const exchange = (number: number, change: Partial<StoredExchange> = {}): StoredExchange => ({
  number,
  atWall: startWall + number,
  sentWall: startWall + number + 1.5,
  kind: "http",
  role: "poll",
  method: "POST",
  url: "https://fin1.demo.test:7443/http-bind/",
  protocol: "HTTPS",
  host: "fin1.demo.test",
  port: 7443,
  path: "/http-bind/",
  httpVersion: "HTTP/1.1",
  connection: 1,
  client: { address: "10.1.1.5", port: 50_123, process: "chrome.exe" },
  outcome: { kind: "responded", status: 200, reason: "OK" },
  sizes: { requestHead: 300, requestBody: 83, responseHead: 200, responseBody: 57 },
  timing: {
    requestEnd: 1.25,
    serverConnected: -12.5,
    serverTls: -8.25,
    requestSent: 1.5,
    responseFirst: 25.5,
    responseEnd: 26,
    delivered: 26.25,
    failed: null,
  },
  holdMs: 24,
  thinkGapMs: 12.5,
  waitMs: 30_000,
  contentType: "text/xml",
  caching: "no-store",
  agent: "1001",
  sid: "f382a015",
  rid: 1_234_567 + number,
  event: null,
  faults: [],
  notes: [],
  related: [],
  request: message(requestHead, "<body rid='1' sid='f382a015'/>"),
  response: message(responseHead, "<body/>"),
  informational: [],
  ...change,
});

const noTiming = {
  requestEnd: 1.25,
  serverConnected: -12.5,
  serverTls: -8.25,
  requestSent: 1.5,
  responseFirst: null,
  responseEnd: null,
  delivered: null,
  failed: null,
};

/** A poll that waits for its answer. */
export const pending = (number: number, change: Partial<StoredExchange> = {}): StoredExchange =>
  exchange(number, {
    outcome: { kind: "pending" },
    timing: noTiming,
    holdMs: null,
    sizes: { requestHead: 300, requestBody: 83, responseHead: -1, responseBody: -1 },
    contentType: null,
    caching: null,
    response: null,
    ...change,
  });

export const connection = (
  id: number,
  change: Partial<StoredConnection> = {},
): StoredConnection => ({
  id,
  at: new Date(startWall + id).toISOString(),
  endedAt: null,
  mode: "intercepted",
  reason: "port 7443",
  host: "fin1.demo.test",
  port: 7443,
  client: { address: "10.1.1.5", port: 50_123, process: null, pid: null },
  server: { address: "10.1.1.9", port: 7443 },
  sni: "fin1.demo.test",
  alpnOffered: ["h2", "http/1.1"],
  clientTls: { version: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256", alpn: null, resumed: false },
  serverTls: null,
  certificate: null,
  shownNames: ["fin1.demo.test"],
  timing: { serverConnected: 2, serverTls: 5, clientTls: 9 },
  bytes: { toServer: 10, toClient: 20 },
  exchanges: 1,
  clientClose: null,
  serverClose: null,
  firstToEnd: null,
  failure: null,
  errors: [],
  interference: ["connect", "second-tls"],
  ...change,
});

export const frame = (
  exchangeNumber: number,
  index: number,
  change: Partial<StoredFrame> = {},
): StoredFrame => ({
  exchange: exchangeNumber,
  index,
  atWall: startWall + index,
  from: "client",
  opcode: 1,
  final: true,
  length: 5,
  body: bytes("hello"),
  cut: false,
  event: null,
  ...change,
});

/** What the contract promises for a saved row. */
export function expectedSummary(
  row: StoredExchange,
  seq: number,
  captureId = "c0ffee",
): ExchangeSummary {
  const { atWall, sentWall: _s, request: _q, response: _p, informational: _i, ...summary } = row;
  return {
    ...summary,
    id: `${captureId}-${row.number}`,
    captureId,
    seq,
    at: new Date(atWall).toISOString(),
    comment: null,
    mark: null,
  };
}

export const summariesOf = (json: string): ExchangeSummary[] =>
  JSON.parse(json) as ExchangeSummary[];
