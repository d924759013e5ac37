/** The facts of a capture file in the order they happened, as the diagnosis would have been told them live. */
import {
  connectionFact,
  type ExchangeFact,
  exchangeFactOfRow,
  type Fact,
} from "./diagnose/fact.ts";
import type { ConnectionRecord } from "./domain/connection.ts";
import type { ExchangeNote, ExchangeSummary } from "./domain/exchange.ts";
import type { LogFact } from "./domain/log-fact.ts";
import type { CaptureInfo, CaptureReader } from "./domain/recording.ts";
import type { ProbeResult } from "./domain/vitals.ts";

export interface TimedFact {
  /** Wall ms. */
  readonly at: number;
  readonly fact: Fact;
}

type Reader = Pick<
  CaptureReader,
  "exchanges" | "connections" | "frames" | "vitals" | "observations"
>;

const pageRows = 2000;

/** In no order: the caller sorts, as several captures may count as one observation. `capture`: the one the reader reads. */
export async function factsOfCapture(
  reader: Reader,
  capture: Pick<CaptureInfo, "id" | "endedAt">,
): Promise<TimedFact[]> {
  const { id, endedAt } = capture;
  const seen = [
    ...(await connectionFacts(reader, id)),
    ...(await exchangeFacts(reader)),
    ...(await vitalsFacts(reader)),
  ];
  const lastAt = seen.reduce((last, { at }) => Math.max(last, at), 0);
  const end = Math.max(lastAt, endedAt === null ? 0 : Date.parse(endedAt));
  const ended: TimedFact = { at: end, fact: { kind: "capture-ended", captureId: id } };
  return [...seen, ...(await observedFacts(reader)), ended];
}

async function exchangeFacts(reader: Reader): Promise<TimedFact[]> {
  const facts: TimedFact[] = [];
  for (let since = 0, more = true; more; ) {
    const page = await reader.exchanges({ since, limit: pageRows });
    for (const row of JSON.parse(page.rows) as ExchangeSummary[]) {
      if (row.kind === "websocket") facts.push(...(await socketFacts(reader, row)));
      else facts.push(...stagesOf(exchangeFactOfRow(row)));
    }
    since = page.next;
    more = page.more;
  }
  return facts;
}

/** What an exchange could not have said before its answer. */
const early = new Set<ExchangeNote>(["joined-late", "probe", "replayed", "session-created"]);

/** Asked, sent, over. */
function stagesOf(whole: ExchangeFact): TimedFact[] {
  const pending: ExchangeFact = {
    ...whole,
    outcome: { kind: "pending" },
    end: null,
    holdMs: null,
    notes: whole.notes.filter((note) => early.has(note) && note !== "session-created"),
  };
  const stages: TimedFact[] = [
    { at: whole.at, fact: { kind: "exchange", exchange: { ...pending, sent: null } } },
  ];
  if (whole.sent !== null)
    stages.push({ at: whole.sent, fact: { kind: "exchange", exchange: pending } });
  if (whole.outcome.kind !== "pending")
    stages.push({ at: whole.end ?? whole.at, fact: { kind: "exchange", exchange: whole } });
  return stages;
}

/** A WebSocket's row says what it is when it begins, and how it ended with its last message. */
async function socketFacts(reader: Reader, row: ExchangeSummary): Promise<TimedFact[]> {
  const whole = exchangeFactOfRow(row);
  const facts: TimedFact[] = [];
  let last = whole.at;
  for (let from = 0; ; ) {
    const frames = await reader.frames(row.id, from, pageRows);
    for (const { at: iso, from: side, opcode, event, index } of frames) {
      const at = Date.parse(iso);
      last = Math.max(last, at);
      from = index + 1;
      const frame = { exchange: row.id, at, from: side, opcode, event };
      facts.push({ at, fact: { kind: "frame", frame } });
    }
    if (frames.length < pageRows) break;
  }
  const begun: ExchangeFact = {
    ...whole,
    outcome: { kind: "responded", status: 101, reason: "" },
    end: null,
    notes: whole.notes.filter((note) => early.has(note)),
  };
  return [
    { at: whole.at, fact: { kind: "exchange", exchange: begun } },
    ...facts,
    { at: whole.end ?? last, fact: { kind: "exchange", exchange: whole } },
  ];
}

async function connectionFacts(reader: Reader, captureId: string): Promise<TimedFact[]> {
  const facts: TimedFact[] = [];
  for (let since = 0; ; ) {
    const page = await reader.connections({ since, limit: pageRows });
    for (const record of page) {
      facts.push(...connectionStages(record, captureId));
      since = Math.max(since, record.seq);
    }
    if (page.length < pageRows) return facts;
  }
}

function connectionStages(record: ConnectionRecord, captureId: string): TimedFact[] {
  const whole = connectionFact(record, captureId);
  if (whole === null) return [];
  const opened = { ...whole, ended: false, clientEnd: null, clientEndAt: null };
  const { serverConnected, serverTls } = record.timing;
  const at = (after: number | null): number => whole.at + (after ?? 0);
  const stages: TimedFact[] = [
    said(whole.at, { ...opened, serverConnected: false, serverTls: false }),
  ];
  if (serverConnected !== null)
    stages.push(said(at(serverConnected), { ...opened, serverTls: false }));
  if (serverTls !== null) stages.push(said(at(serverTls), opened));
  if (record.endedAt !== null)
    stages.push(said(whole.clientEndAt ?? Date.parse(record.endedAt), whole));
  return stages;
}

const said = (
  at: number,
  connection: Extract<Fact, { kind: "connection" }>["connection"],
): TimedFact => ({ at, fact: { kind: "connection", connection } });

async function vitalsFacts(reader: Reader): Promise<TimedFact[]> {
  const facts: TimedFact[] = [];
  for (let from = 0; ; ) {
    const { samples, more } = await reader.vitals({ from, limit: pageRows });
    for (const sample of samples) facts.push({ at: sample.at, fact: { kind: "vitals", sample } });
    const last = samples.at(-1);
    if (!more || last === undefined) return facts;
    from = last.at + 1;
  }
}

async function observedFacts(reader: Reader): Promise<TimedFact[]> {
  const probes = await observed<ProbeResult>(reader, "probe");
  const logs = await observed<LogFact>(reader, "log");
  return [
    ...probes.map((probe): TimedFact => ({ at: probe.at, fact: { kind: "probe", probe } })),
    ...logs.map(logFactAt),
  ];
}

export const logFactAt = (log: LogFact): TimedFact => ({
  at: log.at ?? log.local,
  fact: { kind: "log", log },
});

async function observed<Row>(reader: Reader, kind: "probe" | "log"): Promise<Row[]> {
  const rows: Row[] = [];
  for (let after = 0, more = true; more; ) {
    const page = await reader.observations({ kind, limit: pageRows, after });
    rows.push(...(JSON.parse(page.rows) as Row[]));
    after = page.next;
    more = page.more;
  }
  return rows;
}
