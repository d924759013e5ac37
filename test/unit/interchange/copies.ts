/** Exchanges of every shape that a capture can hold, as they are before redaction, and the capture files made of them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "../../../src/base/log.ts";
import type { ExchangeDetail, Timing } from "../../../src/domain/exchange.ts";
import type { CaptureReader } from "../../../src/domain/recording.ts";
import { type Folded, foldCopies } from "../../../src/fold-copies.ts";
import {
  type CopiedMessage,
  type ExchangeCopy,
  noTiming,
} from "../../../src/interchange/exchange-copy.ts";
import { openReader } from "../../../src/store/open-reader.ts";

export const startWall = Date.parse("2026-03-01T10:00:00.000Z");
export const silent = createLog({ level: "error", format: "json" });

export const bytes = (text: string): Buffer => Buffer.from(text, "utf8");

export const message = (
  head: string,
  body: Uint8Array | null,
  change: Partial<CopiedMessage> = {},
): CopiedMessage => ({
  head: head.replaceAll("\n", "\r\n"),
  trailers: "",
  body,
  wireLength: body?.length ?? 0,
  decoded: false,
  cut: false,
  ...change,
});

const answered: Timing = {
  ...noTiming,
  requestEnd: 1.25,
  requestSent: 1.5,
  serverConnected: -12.5,
  serverTls: -8,
  responseFirst: 25.5,
  responseEnd: 26,
  delivered: 26.25,
};
export const waiting: Timing = {
  ...answered,
  responseFirst: null,
  responseEnd: null,
  delivered: null,
};

const requestHead =
  "POST /finesse/api/User/1001003 HTTP/1.1\nHost: fin1.demo.test:8445\nContent-Type: application/xml\n\n";
const responseHead = "HTTP/1.1 200 OK\nContent-Type: text/xml\n\n";

/** The n-th: each on a connection of its own, a second after the one before. */
export const copy = (number: number, change: Partial<ExchangeCopy> = {}): ExchangeCopy => ({
  number,
  atWall: startWall + number * 1000,
  kind: "http",
  method: "POST",
  url: "https://fin1.demo.test:8445/finesse/api/User/1001003",
  secure: true,
  host: "fin1.demo.test",
  port: 8445,
  httpVersion: "1.1",
  connection: String(number),
  link: null,
  client: { address: "10.1.1.5", port: 50_000 + number, process: "chrome.exe" },
  serverAddress: "10.1.0.7",
  request: message(requestHead, bytes("<User><state>READY</state></User>")),
  response: message(responseHead, bytes("<User/>")),
  informational: [],
  outcome: { kind: "responded", status: 200, reason: "OK" },
  wire: { request: 33, response: 7 },
  pendingMs: null,
  timing: answered,
  frames: [],
  comment: null,
  mark: null,
  notes: [],
  meaning: null,
  ...change,
});

/** A capture file made of exchanges, and its reader. */
export interface Capture extends AsyncDisposable {
  readonly path: string;
  readonly folded: Folded;
  readonly reader: CaptureReader;
  details(): Promise<ExchangeDetail[]>;
}

export async function captureOf(
  copies: Iterable<ExchangeCopy> | AsyncIterable<ExchangeCopy>,
  options: { readonly captureId?: string; readonly keepSecrets?: boolean } = {},
): Promise<Capture> {
  const folder = temporaryFolder();
  const path = join(folder.path, "capture.sqlite");
  const folded = await foldCopies(
    (async function* () {
      yield* copies;
    })(),
    {
      path,
      captureId: options.captureId ?? "c0ffee",
      name: "test",
      keepSecrets: options.keepSecrets ?? false,
      bodyLimit: 1024 * 1024,
      onProgress: () => undefined,
    },
  );
  const capture = openCapture(path, folded.captureId);
  return {
    path,
    folded,
    ...capture,
    async [Symbol.asyncDispose]() {
      await capture.reader.close();
      folder[Symbol.dispose]();
    },
  };
}

export function openCapture(
  path: string,
  captureId: string,
): { reader: CaptureReader; details: () => Promise<ExchangeDetail[]> } {
  const reader = openReader(path, { captureId: () => captureId, log: silent });
  return {
    reader,
    async details() {
      const page = await reader.exchanges({ since: 0, limit: 5000, captureId });
      const rows = JSON.parse(page.rows) as { id: string; number: number }[];
      const details = await Promise.all(
        rows.toSorted((a, b) => a.number - b.number).map(({ id }) => reader.exchange(id)),
      );
      return details.filter((detail) => detail !== null);
    },
  };
}

export function temporaryFolder(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "boshscope-files-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
