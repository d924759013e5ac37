/** Reads from a capture what a report about its findings needs. */
import type { ConnectionRecord } from "../../domain/connection.ts";
import type { ExchangeSummary } from "../../domain/exchange.ts";
import type { CaptureReader } from "../../domain/recording.ts";
import type { LaneMark } from "../../domain/timeline.ts";
import type { ProbeResult } from "../../domain/vitals.ts";
import type { Incident, ReportEnvironment, ReportFinding, ReportInput } from "./report.ts";

export interface ReportWish extends Pick<ReportInput, "language" | "madeAt" | "query"> {
  /** Id of the only finding wanted; null = all. */
  readonly finding: string | null;
  readonly environment: Omit<ReportEnvironment, "connections">;
}

/** The gravest and latest that one report shows. */
const mostIncidents = 50;
const mostMatches = 5000;
const mostMarks = 3000;
const mostVitals = 600;
const pageOfConnections = 1000;
const mostPages = 50;
const beforeMs = 120_000;
const afterMs = 60_000;

/** `findings`: those of the reader's capture. Throws "query-invalid" for a filter that can't be read. */
export async function gatherReport(
  reader: CaptureReader,
  findings: readonly ReportFinding[],
  wish: ReportWish,
): Promise<ReportInput> {
  const wanted = await thoseThatMatch(reader, findings, wish);
  const incidents: Incident[] = [];
  for (const finding of wanted.slice(0, mostIncidents)) {
    incidents.push(await incidentOf(reader, finding));
  }
  const { language, madeAt, query } = wish;
  const connections = await latestConnections(reader);
  return { language, madeAt, query, incidents, environment: { ...wish.environment, connections } };
}

const weight = { disconnect: 0, "near-miss": 1, warning: 2 } as const;

async function thoseThatMatch(
  reader: CaptureReader,
  findings: readonly ReportFinding[],
  { finding, query }: ReportWish,
): Promise<ReportFinding[]> {
  const chosen = findings.filter(({ id }) => finding === null || id === finding);
  const matching = query === "" ? null : await idsThatMatch(reader, query);
  return chosen
    .filter(
      ({ details }) => matching === null || details.some(({ exchange }) => matching.has(exchange)),
    )
    .toSorted(
      (a, b) => weight[a.severity] - weight[b.severity] || (a.at < b.at ? 1 : a.at > b.at ? -1 : 0),
    );
}

async function idsThatMatch(reader: CaptureReader, query: string): Promise<ReadonlySet<string>> {
  const page = await reader.exchanges({
    query,
    limit: mostMatches,
    before: Number.MAX_SAFE_INTEGER,
  });
  return new Set((JSON.parse(page.rows) as ExchangeSummary[]).map(({ id }) => id));
}

async function incidentOf(reader: CaptureReader, finding: ReportFinding): Promise<Incident> {
  const ids = [...new Set(finding.details.map(({ exchange }) => exchange))];
  const found = await Promise.all(ids.map((id) => reader.exchange(id)));
  const exchanges = found.filter((one) => one !== null);
  const from = Date.parse(finding.at) - beforeMs;
  const to = Date.parse(finding.revisedAt) + afterMs;
  const [marks, vitals, probes] = await Promise.all([
    marksAround(reader, finding, exchanges, { from, to }),
    reader.vitals({ from, to, limit: mostVitals }),
    reader.observations({ kind: "probe", from, to, limit: 100 }),
  ]);
  const { host } = finding;
  const ours = (JSON.parse(probes.rows) as ProbeResult[]).filter(
    (probe) => host === null || probe.host === host,
  );
  return { finding, exchanges, marks, vitals: vitals.samples, probes: ours };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Of the finding's agent, else of the evidence's first; the evidence's numbers tell where to look. */
async function marksAround(
  reader: CaptureReader,
  { agent, agents }: ReportFinding,
  exchanges: readonly ExchangeSummary[],
  { from, to }: Span,
): Promise<LaneMark[]> {
  const whose = agent ?? exchanges.find((one) => one.agent !== null)?.agent ?? agents[0];
  const last = Math.max(0, ...exchanges.map(({ number }) => number));
  if (last === 0) return [];
  const page = await reader.lanes({
    before: last + mostMarks / 2,
    limit: mostMarks,
    ...(whose === undefined ? {} : { agent: whose }),
  });
  return (JSON.parse(page.marks) as LaneMark[]).filter(
    (mark) => mark.at <= to && (mark.end ?? to) >= from,
  );
}

/** Of each server port the one that began last. */
async function latestConnections(reader: CaptureReader): Promise<ConnectionRecord[]> {
  const latest = new Map<string, ConnectionRecord>();
  let since = 0;
  for (let page = 0; page < mostPages; page++) {
    const connections = await reader.connections({ since, limit: pageOfConnections });
    for (const connection of connections) {
      const { host, port, mode } = connection;
      if (mode !== "intercepted" || host === null) continue;
      const name = `${host}:${port}`;
      const before = latest.get(name);
      // One whose certificate was seen says more than one that failed.
      if (before === undefined || connection.certificate !== null) latest.set(name, connection);
    }
    since = Math.max(since, ...connections.map(({ seq }) => seq));
    if (connections.length < pageOfConnections) break;
  }
  return [...latest.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
