/** Reads what is to be compared out of captures. */
import { fail } from "./base/errors.ts";
import {
  type ComparedExchange,
  compareExchanges,
  outcomeName,
} from "./compare/compare-exchanges.ts";
import { compareXml } from "./compare/compare-xml.ts";
import { compareFigures, figuresOf } from "./compare/figures.ts";
import { compareHeaders, differs } from "./compare/pairs.ts";
import type {
  CaptureComparison,
  CaptureSide,
  ComparedCapture,
  ComparisonDesk,
  ExchangeComparison,
  KindComparison,
} from "./domain/comparison.ts";
import type { ExchangeSummary } from "./domain/exchange.ts";
import type { CaptureReader } from "./domain/recording.ts";
import { noSuchCapture } from "./interchange/export-copies.ts";

export type ComparisonReader = Pick<CaptureReader, "exchanges" | "exchange" | "body" | "captures">;

export interface ComparedSide extends CaptureSide {
  readonly reader: ComparisonReader;
}

/** For a reader that knows all captures. */
export const openComparison = (reader: ComparisonReader): ComparisonDesk => ({
  exchanges: (left, right) => compareTwoExchanges([reader, left], [reader, right]),
  captures: (left, right) => compareTwoCaptures({ ...left, reader }, { ...right, reader }),
});

/** Throws "not-found". */
export async function compareTwoExchanges(
  left: readonly [reader: ComparisonReader, id: string],
  right: readonly [reader: ComparisonReader, id: string],
): Promise<ExchangeComparison> {
  return compareExchanges(await loadExchange(...left), await loadExchange(...right));
}

async function loadExchange(reader: ComparisonReader, id: string): Promise<ComparedExchange> {
  const detail = await reader.exchange(id);
  if (detail === null) throw fail("not-found", { what: `exchange ${id}` });
  const text = async (side: "request" | "response"): Promise<string> => {
    if ((detail[side]?.body?.keptLength ?? 0) === 0) return "";
    const body = await reader.body(id, side);
    return body === null ? "" : Buffer.from(body.bytes).toString("utf8");
  };
  return { detail, requestBody: await text("request"), responseBody: await text("response") };
}

/** Throws "not-found", "query-invalid". */
export async function compareTwoCaptures(
  left: ComparedSide,
  right: ComparedSide,
): Promise<CaptureComparison> {
  const one = await loadCapture(left);
  const other = await loadCapture(right);
  return {
    left: one.facts,
    right: other.facts,
    figures: compareFigures(figuresOf(one.rows), figuresOf(other.rows)),
    outcomes: outcomesOf(one.rows, other.rows),
    kinds: await compareKinds([left.reader, one.rows], [right.reader, other.rows]),
  };
}

/** Enough for a shift of an agent; more would only be averaged. */
const mostRows = 50_000;
const pageRows = 2000;

async function loadCapture({ reader, capture, query }: ComparedSide): Promise<{
  readonly facts: ComparedCapture;
  readonly rows: readonly ExchangeSummary[];
}> {
  const captures = await reader.captures();
  const info = captures.find(({ id }) => id === capture);
  if (info === undefined) throw noSuchCapture(capture, captures);
  const byId = new Map<string, ExchangeSummary>();
  let more = true;
  for (let since = 0; more && byId.size < mostRows; ) {
    const page = await reader.exchanges({ since, limit: pageRows, query, captureId: capture });
    for (const row of JSON.parse(page.rows) as ExchangeSummary[]) byId.set(row.id, row);
    since = page.next;
    more = page.more;
  }
  const rows = [...byId.values()].toSorted((a, b) => a.number - b.number);
  const times = rows.map(({ at }) => at).toSorted();
  return {
    rows,
    facts: {
      capture,
      name: info.name,
      query,
      exchanges: rows.length,
      isCut: more,
      from: times[0] ?? null,
      to: times.at(-1) ?? null,
    },
  };
}

function outcomesOf(
  left: readonly ExchangeSummary[],
  right: readonly ExchangeSummary[],
): CaptureComparison["outcomes"] {
  const count = (rows: readonly ExchangeSummary[]): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const { outcome } of rows) {
      const name = outcomeName(outcome);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  };
  const [one, other] = [count(left), count(right)];
  return [...new Set([...one.keys(), ...other.keys()])]
    .toSorted()
    .map((name) => ({ name, left: one.get(name) ?? 0, right: other.get(name) ?? 0 }));
}

const kinds: readonly (readonly [KindComparison["kind"], (row: ExchangeSummary) => boolean])[] = [
  ["session-creation", ({ notes }) => notes.includes("session-created")],
  ["poll", ({ role, notes }) => role === "poll" && notes.includes("empty")],
  ["systeminfo", ({ role }) => role === "systeminfo"],
  ["rest", ({ role, method }) => role === "rest" && method === "GET"],
];

type Loaded = readonly [reader: ComparisonReader, rows: readonly ExchangeSummary[]];

async function compareKinds(left: Loaded, right: Loaded): Promise<readonly KindComparison[]> {
  const compared: KindComparison[] = [];
  for (const [kind, isIt] of kinds) {
    const [one, other] = [left, right].map(([, rows]) =>
      rows.find((row) => row.outcome.kind === "responded" && isIt(row)),
    );
    if (one === undefined || other === undefined) continue;
    const comparison = await compareKind(kind, [left[0], one.id], [right[0], other.id]);
    const { requestHeaders, responseHeaders, responseXml } = comparison;
    if (requestHeaders.length + responseHeaders.length + responseXml.length > 0)
      compared.push(comparison);
  }
  return compared;
}

async function compareKind(
  kind: KindComparison["kind"],
  left: readonly [ComparisonReader, string],
  right: readonly [ComparisonReader, string],
): Promise<KindComparison> {
  const [one, other] = [await loadExchange(...left), await loadExchange(...right)];
  const headers = (side: "request" | "response") =>
    compareHeaders(one.detail[side]?.headers ?? [], other.detail[side]?.headers ?? []).filter(
      (pair) => differs(pair) && !isFleetingHeader(pair.name),
    );
  return {
    kind,
    left: one.detail.id,
    right: other.detail.id,
    requestHeaders: headers("request"),
    responseHeaders: headers("response"),
    responseXml: compareXml(one.responseBody, other.responseBody).filter(
      ({ name }) => !isFleetingValue(name),
    ),
  };
}

/** Other for each exchange, whatever the server: they say nothing of a capture. */
const isFleetingHeader = (name: string): boolean =>
  /^(?:date|content-length|cookie|set-cookie|authorization|etag|last-modified|age)(?: \(\d+\))?$/.test(
    name,
  );
const isFleetingValue = (path: string): boolean =>
  /(?:@(?:sid|authid|rid|ack|id|to|from)|Timestamp|Time|requestId)$/.test(path);
