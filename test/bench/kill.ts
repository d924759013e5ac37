/** kill -9 in the middle of traffic, again and again: whatever the feed had shown must be in the store afterwards, field by field. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import WebSocket from "ws"; // by default import: a peer here brings an older ws without named exports
import type { ExchangeSummary } from "../../src/domain/exchange.ts";
import type { ExchangeList, FeedMessage } from "../../src/server/messages.ts";
import { type RunningBoshscope, startBoshscope } from "./candidates/boshscope.ts";
import type { Session } from "./measure.ts";
import { pollAddress, upstreamAddress } from "./upstream.ts";

const RATE = 500;
const HELD_POLLS = 20;
const PAGE_ROWS = 1_000;

/** What became of the rows the feed had sent before one kill. */
interface KillFate {
  readonly afterMs: number;
  readonly sent: number;
  readonly pending: number;
  readonly equal: number;
  readonly captureEnded: number;
  /** Committed further before the kill than the feed had told. */
  readonly newer: number;
  readonly missing: readonly string[];
  readonly different: readonly string[];
  readonly restartMs: number;
}

interface FeedRecord {
  readonly captureId: string;
  /** Last version of each row the feed sent, by id. */
  readonly rows: ReadonlyMap<string, ExchangeSummary>;
  readonly lastSeq: number;
}

/** Listens to the feed until it breaks. */
function recordFeed(running: RunningBoshscope): Promise<{ broken: Promise<FeedRecord> }> {
  const address = `${running.api.origin.replace("http", "ws")}/api/feed?since=0`;
  const headers = { authorization: `Bearer ${running.api.token}` };
  const socket = new WebSocket(address, { headers, perMessageDeflate: false });
  const rows = new Map<string, ExchangeSummary>();
  let captureId = "";
  let lastSeq = 0;
  const broken = new Promise<FeedRecord>((resolve) => {
    socket.once("close", () => resolve({ captureId, rows, lastSeq }));
  });
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString()) as FeedMessage;
      if (message.kind === "hello") {
        captureId = message.captureId;
        resolve({ broken });
      }
      if (message.kind !== "rows") return;
      lastSeq = Math.max(lastSeq, message.seq);
      for (const row of message.rows) rows.set(row.id, row);
    });
  });
}

async function storedRows(
  running: RunningBoshscope,
  captureId: string,
): Promise<ReadonlyMap<string, ExchangeSummary>> {
  const rows = new Map<string, ExchangeSummary>();
  let since = 0;
  for (;;) {
    const query = `since=${since}&limit=${PAGE_ROWS}&capture=${encodeURIComponent(captureId)}`;
    const page = await running.get<ExchangeList>(`/api/exchanges?${query}`);
    for (const row of page.exchanges) rows.set(row.id, row);
    if (!page.more) return rows;
    since = page.next;
  }
}

/** Fields that the end of the capture changes on a row that was open; all others must be as they were. */
function withoutEnding({
  seq: _seq,
  outcome: _outcome,
  timing,
  ...rest
}: ExchangeSummary): unknown {
  return { ...rest, timing: { ...timing, failed: null } };
}

/** Fields that never change once a row is told. */
function identity({ id, number, captureId, at, kind, method, url, connection }: ExchangeSummary) {
  return { id, number, captureId, at, kind, method, url, connection };
}

type Fate = "equal" | "captureEnded" | "newer" | "missing" | "different";

/** The client's program is found about a second after its connection, and its rows are then saved once more: that may be after the last message. */
function wasNamedLater(told: ExchangeSummary, found: ExchangeSummary): boolean {
  return (
    found.client.process !== null &&
    isDeepStrictEqual(told, { ...asTold(told, found), seq: told.seq })
  );
}

/** The row as it was before its client's program was known, if it was not known when it was told. */
function asTold(told: ExchangeSummary, found: ExchangeSummary): ExchangeSummary {
  return told.client.process === null
    ? { ...found, client: { ...found.client, process: null } }
    : found;
}

function fateOf(told: ExchangeSummary, found: ExchangeSummary | undefined, lastSeq: number): Fate {
  if (found === undefined) return "missing";
  if (isDeepStrictEqual(told, found)) return "equal";
  if (wasNamedLater(told, found) && found.seq > lastSeq) return "newer";
  if (told.outcome.kind !== "pending") return "different";
  const ended = found.outcome.kind === "failed" && found.outcome.cause === "capture-ended";
  if (ended) {
    return isDeepStrictEqual(withoutEnding(told), withoutEnding(asTold(told, found)))
      ? "captureEnded"
      : "different";
  }
  const same = isDeepStrictEqual(identity(told), identity(found));
  return same && found.seq > lastSeq ? "newer" : "different";
}

function judge(
  { rows, lastSeq }: FeedRecord,
  stored: ReadonlyMap<string, ExchangeSummary>,
): Omit<KillFate, "afterMs" | "restartMs"> {
  const byFate: Record<Fate, string[]> = {
    equal: [],
    captureEnded: [],
    newer: [],
    missing: [],
    different: [],
  };
  for (const [id, told] of rows) byFate[fateOf(told, stored.get(id), lastSeq)].push(id);
  return {
    sent: rows.size,
    pending: [...rows.values()].filter(({ outcome }) => outcome.kind === "pending").length,
    equal: byFate.equal.length,
    captureEnded: byFate.captureEnded.length,
    newer: byFate.newer.length,
    missing: byFate.missing,
    different: byFate.different,
  };
}

/** Paced requests and held polls until the proxy is gone; that they then fail is the point. */
function putUnderLoad({ generator }: Session, proxyPort: number): Promise<unknown> {
  const common = { proxyPort, seconds: 20, drain: 0 };
  const polls = { mode: "hold", path: "/http-bind/", count: HELD_POLLS, rate: 100 } as const;
  const paced = { mode: "paced", connections: 16, rate: RATE } as const;
  return Promise.allSettled([
    generator.run({ ...upstreamAddress, ...common, ...paced }),
    generator.run({ ...pollAddress, ...common, ...polls }),
  ]);
}

async function killOnce(session: Session, folder: string, moment: number): Promise<KillFate> {
  const running = await startBoshscope(folder);
  const feed = await recordFeed(running);
  const load = putUnderLoad(session, running.port);
  const afterMs = Math.round(400 + moment * 2_000);
  await pause(afterMs);
  running.child.kill("SIGKILL");
  const record = await feed.broken;
  await load;
  const restarting = performance.now();
  const again = await startBoshscope(folder);
  const restartMs = Math.round(performance.now() - restarting);
  try {
    const stored = await storedRows(again, record.captureId);
    return { afterMs, restartMs, ...judge(record, stored) };
  } finally {
    await again.stop();
  }
}

function tableOf(fates: readonly KillFate[]): string {
  const head =
    "| kill | after ms | rows the feed had sent | of them open | equal | capture-ended | committed further | MISSING | DIFFERENT | restart ms |";
  const lines = fates.map((fate, index) => {
    const counts = [fate.sent, fate.pending, fate.equal, fate.captureEnded, fate.newer];
    const bad = [fate.missing.length, fate.different.length, fate.restartMs];
    return `| ${[index + 1, fate.afterMs, ...counts, ...bad].join(" | ")} |`;
  });
  const sum = (of: (fate: KillFate) => number): number =>
    fates.reduce((total, fate) => total + of(fate), 0);
  const lost = sum((fate) => fate.missing.length);
  const changed = sum((fate) => fate.different.length);
  const verdict = `${fates.length} kills, ${sum((fate) => fate.sent)} rows sent by the feed: ${lost} missing, ${changed} different.`;
  const examples = fates.flatMap((fate) => [...fate.missing, ...fate.different]).slice(0, 10);
  const named = examples.length > 0 ? [`For example: ${examples.join(", ")}`] : [];
  return [head, `|${" ---: |".repeat(10)}`, ...lines, "", verdict, ...named].join("\n");
}

/** Kills Boshscope as often as the options say, always on the same data folder, and gives a Markdown table. */
export async function runKills(session: Session): Promise<string> {
  const folder = join(session.folder, "kill");
  mkdirSync(folder, { recursive: true });
  const fates: KillFate[] = [];
  for (let round = 1; round <= session.options.kills; round += 1) {
    const fate = await killOnce(session, folder, Math.random());
    fates.push(fate);
    const { sent, missing, different } = fate;
    session.log(
      `kill ${round}/${session.options.kills}: ${sent} rows sent, ${missing.length} missing, ${different.length} different`,
    );
  }
  return tableOf(fates);
}
