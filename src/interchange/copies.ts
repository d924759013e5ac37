/** Reads a capture's exchanges one by one, whole, in the order in which they began. */
import type { ConnectionRecord, LegClose } from "../domain/connection.ts";
import type { ExchangeDetail, ExchangeSummary, MessageDetail } from "../domain/exchange.ts";
import type { CaptureReader } from "../domain/recording.ts";
import type {
  CopiedClose,
  CopiedConnection,
  CopiedFrame,
  CopiedMessage,
  ExchangeCopy,
} from "./exchange-copy.ts";

export interface Selection {
  readonly captureId: string;
  /** The filter language; "" = all. */
  readonly query: string;
  /** What pending exchanges' ages are counted up to. */
  readonly nowWall: number;
}

type Source = Pick<CaptureReader, "exchanges" | "exchange" | "body" | "frames" | "connection">;

const pageRows = 2000;
const pageFrames = 500;

/** Ids of what matches, by number. Only these are held; the exchanges are read when their turn comes. */
export async function selectedIds(reader: Source, selection: Selection): Promise<string[]> {
  const numbers: number[] = [];
  for (let since = 0; ; ) {
    const { captureId, query } = selection;
    const page = await reader.exchanges({ since, limit: pageRows, query, captureId });
    for (const { number } of JSON.parse(page.rows) as ExchangeSummary[]) numbers.push(number);
    if (!page.more) break;
    since = page.next;
  }
  // A row that changed while we were reading comes twice.
  const inOrder = [...new Set(numbers)].toSorted((a, b) => a - b);
  return inOrder.map((number) => `${selection.captureId}-${number}`);
}

/** Those that went meanwhile are passed over. */
export async function* readCopies(
  reader: Source,
  ids: readonly string[],
  nowWall: number,
): AsyncGenerator<ExchangeCopy> {
  for (const id of ids) {
    const copy = await readCopy(reader, id, nowWall);
    if (copy !== null) yield copy;
  }
}

/** null = there is no such exchange. */
export async function readCopy(
  reader: Source,
  id: string,
  nowWall: number,
): Promise<ExchangeCopy | null> {
  const detail = await reader.exchange(id);
  if (detail === null) return null;
  const { kind, method, url, host, port, httpVersion, client, outcome, timing } = detail;
  const { comment, mark, notes, informational, agent, sid, rid, event } = detail;
  const atWall = Date.parse(detail.at);
  const sentWall = atWall + (timing.requestSent ?? 0);
  const record = await reader.connection(detail.connection, detail.captureId);
  return {
    number: detail.number,
    atWall,
    kind,
    method,
    url,
    secure: detail.protocol === "HTTPS",
    host,
    port,
    httpVersion,
    connection: String(detail.connection),
    link: record === null ? null : linkOf(record),
    client,
    serverAddress: record?.server?.address ?? null,
    request: await readMessage(reader, detail, "request"),
    response: await readMessage(reader, detail, "response"),
    informational,
    outcome,
    wire: { request: detail.sizes.requestBody, response: detail.sizes.responseBody },
    pendingMs: outcome.kind === "pending" ? Math.max(0, nowWall - sentWall) : null,
    timing,
    frames: await readFrames(reader, detail),
    comment,
    mark,
    notes,
    meaning: {
      id,
      agent,
      sid,
      rid,
      event,
      holdMs: detail.holdMs,
      thinkGapMs: detail.thinkGapMs,
      faults: detail.faults,
    },
  };
}

function linkOf(record: ConnectionRecord): CopiedConnection {
  const { at, endedAt, clientClose, serverClose } = record;
  return {
    openedAt: Date.parse(at),
    endedAt: endedAt === null ? null : Date.parse(endedAt),
    closes: { client: closeOf(clientClose), server: closeOf(serverClose) },
  };
}

const closeOf = (close: LegClose | null): CopiedClose | null =>
  close === null ? null : { ...close, at: Date.parse(close.at) };

async function readMessage(
  reader: Source,
  detail: ExchangeDetail,
  side: "request" | "response",
): Promise<CopiedMessage | null> {
  const message: MessageDetail | null = detail[side];
  if (message === null) return null;
  const { body } = message;
  const kept = body === null || body.keptLength === 0 ? null : await reader.body(detail.id, side);
  return {
    head: message.rawHead,
    trailers: message.trailers.map(({ name, value }) => `${name}: ${value}\r\n`).join(""),
    body: kept?.bytes ?? null,
    wireLength: body?.wireLength ?? 0,
    decoded: body?.decoded ?? false,
    cut: body?.cut ?? false,
  };
}

async function readFrames(reader: Source, detail: ExchangeDetail): Promise<CopiedFrame[]> {
  const frames: CopiedFrame[] = [];
  while (frames.length < detail.framesTotal) {
    const page = await reader.frames(detail.id, frames.length, pageFrames, true);
    if (page.length === 0) break;
    for (const { at, from, opcode, length, text, hex, cut } of page) {
      const bytes = hex === null ? null : Buffer.from(hex, "hex");
      frames.push({
        atWall: Date.parse(at),
        from,
        opcode,
        length,
        body: text === null ? bytes : Buffer.from(text, "utf8"),
        cut,
      });
    }
  }
  return frames;
}
