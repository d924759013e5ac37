/** What a capture knows of the clocks that logs are written by: from SystemInfo, and from sessions that both saw. */
import type { ExchangeSummary } from "./domain/exchange.ts";
import type { CaptureReader } from "./domain/recording.ts";
import { driftOf } from "./finesse/drift.ts";
import { readSystemInfo } from "./finesse/system-info.ts";
import type { ClockReference } from "./logs/align.ts";
import type { LogFact } from "./logs/log-fact.ts";
import type { ClockMark } from "./logs/match-clocks.ts";

const maxSessions = 50;
const maxRows = 2000;
const maxSystemInfo = 25;
/** A silence this long is one that Openfire's debug log tells. */
const silenceMs = 1000;

type Reader = Pick<CaptureReader, "exchanges" | "body">;

/** Sessions that can be looked up in a capture. */
export function sessionsIn(facts: readonly LogFact[]): string[] {
  const sids = new Set<string>();
  for (const { sid } of facts) if (sid !== null && /^[0-9a-z]{1,40}$/i.test(sid)) sids.add(sid);
  return [...sids].slice(0, maxSessions);
}

export async function clockReference(
  reader: Reader,
  sids: readonly string[],
  captureId?: string,
): Promise<ClockReference> {
  const of = captureId === undefined ? {} : { captureId };
  const seen: ClockMark[] = [];
  for (const sid of sids) {
    const page = await reader.exchanges({ ...of, query: `sid:${sid}`, since: 0, limit: maxRows });
    seen.push(...marksOf(sid, JSON.parse(page.rows) as ExchangeSummary[]));
  }
  const clocks = await systemInfoClocks(reader, of);
  return { ...clocks, seen };
}

function marksOf(sid: string, rows: readonly ExchangeSummary[]): ClockMark[] {
  const times = rows
    .map(({ at, timing, outcome }) => {
      const start = Date.parse(at);
      const end = timing.responseEnd ?? timing.failed;
      const status = outcome.kind === "responded" ? outcome.status : null;
      return { start, end: end === null ? null : start + end, status };
    })
    .toSorted((a, b) => a.start - b.start);
  return times.flatMap(({ end, status }, index) => {
    const next = times[index + 1]?.start ?? Number.POSITIVE_INFINITY;
    const ended = end !== null && next - end >= silenceMs;
    return [
      ...(ended && status !== 404 ? [{ key: `activity:${sid}`, at: end }] : []),
      ...(end !== null && status === 404 ? [{ key: `invalid-sid:${sid}`, at: end }] : []),
    ];
  });
}

type Clocks = Omit<ClockReference, "seen">;

async function systemInfoClocks(
  reader: Reader,
  of: { readonly captureId?: string },
): Promise<Clocks> {
  const page = await reader.exchanges({
    ...of,
    query: "is:systeminfo status:200",
    before: Number.MAX_SAFE_INTEGER,
    limit: maxSystemInfo,
  });
  const server: number[] = [];
  const client: number[] = [];
  let timezoneOffset: number | null = null;
  for (const row of JSON.parse(page.rows) as ExchangeSummary[]) {
    const body = await reader.body(row.id, "response");
    const info = body === null ? null : readSystemInfo(new TextDecoder().decode(body.bytes));
    if (info === null || info.kind === "unparseable" || row.notes.includes("probe")) continue;
    timezoneOffset ??= info.timezoneOffset;
    const drift = driftIn(row, info.currentTimestamp);
    if (drift.serverVsProxyMs !== null) server.push(drift.serverVsProxyMs);
    if (drift.clientVsProxyMs !== null) client.push(drift.clientVsProxyMs);
  }
  return { timezoneOffset, serverAheadMs: middle(server), clientAheadMs: middle(client) };
}

function driftIn(row: ExchangeSummary, currentTimestamp: number | null) {
  const tReqWall = Date.parse(row.at);
  const nocache = /[?&]nocache=(\d{12,14})\b/.exec(row.path)?.[1];
  return driftOf({
    nocache: nocache === undefined ? null : Number(nocache),
    tReqWall,
    tRespWall: tReqWall + (row.timing.responseEnd ?? 0),
    currentTimestamp,
  });
}

const middle = (values: readonly number[]): number | null =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? null;
