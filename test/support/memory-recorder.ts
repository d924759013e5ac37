/** A recorder and reader in memory: what the server needs of a capture, with the truth at hand for tests. No threads, no disk. */
import { fail } from "../../src/base/errors.ts";
import type { ConnectionRecord } from "../../src/domain/connection.ts";
import type { ExchangeDetail, ExchangeSummary, Outcome } from "../../src/domain/exchange.ts";
import type { Finding } from "../../src/domain/finding.ts";
import type {
  CaptureInfo,
  CaptureReader,
  Committed,
  ExchangePage,
  ExchangeQuery,
  LanePage,
  LaneQuery,
  ObservationPage,
  ObservationQuery,
  PlainMessage,
  Recorder,
  RecorderStatus,
  StoredObservation,
  Timeline,
} from "../../src/domain/recording.ts";
import type { LaneMark } from "../../src/domain/timeline.ts";
import type { VitalsSample } from "../../src/domain/vitals.ts";

type Body = { readonly bytes: Uint8Array; readonly contentType: string | null };

/** What a test may set of a row; the rest is filled in. */
export type RowChange = Partial<Omit<ExchangeSummary, "id" | "seq" | "captureId">> & {
  readonly number: number;
};

export class MemoryRecorder implements Recorder, CaptureReader {
  /** Wall ms for ages in the filter `age>MS`. */
  now = Date.parse("2026-03-01T10:00:00.000Z");
  /** Set to make every read wait for it: a slow disk. */
  readGate: Promise<void> | null = null;
  /** Set to make every read and command fail. */
  failure: Error | null = null;
  /** Sends batches without their rows, as the recorder does before it knows that somebody listens. */
  blankBatches = false;
  reads = 0;
  seq = 0;
  observed: readonly StoredObservation[] = [];
  samples: readonly VitalsSample[] = [];
  readonly bodies = new Map<string, Body>();
  readonly details = new Map<string, Partial<ExchangeDetail>>();
  readonly connectionRecords: ConnectionRecord[] = [];
  readonly #buried = new Set<string>();
  readonly #rows = new Map<string, ExchangeSummary>();
  readonly #deleted = new Map<string, number>();
  readonly #hidden = new Map<string, ExchangeSummary>();
  readonly #captures: CaptureInfo[] = [captureInfo("cap1", "First")];
  readonly #committed = new Set<(committed: Committed) => void>();
  readonly #statusListeners = new Set<(status: RecorderStatus) => void>();
  readonly #timelineListeners = new Set<(changed: Timeline) => void>();
  readonly #findingListeners = new Set<(changed: readonly Finding[]) => void>();
  currentFindings: readonly Finding[] = [];
  currentTimeline: Timeline = { sessions: [], agents: [] };
  #status: Partial<RecorderStatus> = {};

  get captureId(): string {
    return this.#captures.at(-1)!.id;
  }

  /** Listeners of commits and status, to see that none is left behind. */
  get listeners(): number {
    return (
      this.#committed.size +
      this.#statusListeners.size +
      this.#timelineListeners.size +
      this.#findingListeners.size
    );
  }

  /** Current state of all visible rows, by id. */
  get truth(): ReadonlyMap<string, ExchangeSummary> {
    return this.#rows;
  }

  /** Writes rows in one commit and tells the listeners. */
  commit(...changes: readonly RowChange[]): readonly ExchangeSummary[] {
    // As in the store: what was deleted never comes back.
    const kept = changes.filter(({ number }) => !this.#buried.has(`${this.captureId}-${number}`));
    const rows = kept.map((change) => this.#write(change));
    const blank = this.blankBatches || this.#committed.size === 0;
    const committed: Committed = {
      seq: this.seq,
      rows: blank ? "" : JSON.stringify(rows),
      count: rows.length,
      marks: blank ? "" : JSON.stringify(rows.map(markOf)),
    };
    for (const listener of this.#committed) listener(committed);
    return rows;
  }

  setStatus(status: Partial<RecorderStatus>): void {
    this.#status = { ...this.#status, ...status };
    for (const listener of this.#statusListeners) listener(this.status());
  }

  status(): RecorderStatus {
    const rows = [...this.#rows.values()];
    return {
      captureId: this.captureId,
      captureName: this.#captures.at(-1)!.name,
      recording: true,
      pending: rows.filter((row) => row.outcome.kind === "pending").length,
      exchanges: rows.length,
      openConnections: 0,
      bytes: 0,
      notKept: 0,
      connectionErrors: {},
      alerts: [],
      setup: { proxySeen: null, endpoints: [], httpBindSeen: null },
      seq: this.seq,
      ...this.#status,
    };
  }

  async observe(
    observations: readonly StoredObservation[],
    replaces: readonly string[],
  ): Promise<void> {
    if (this.failure !== null) throw this.failure;
    const kept = this.observed.filter(({ file }) => file === null || !replaces.includes(file));
    this.observed = [...kept, ...observations];
  }

  async observations(query: ObservationQuery): Promise<ObservationPage> {
    const { kind, agent, from = 0, to = Number.MAX_SAFE_INTEGER, after = 0, limit } = query;
    const all = this.observed.filter(
      (one) =>
        one.kind === kind &&
        (one.first ?? from) <= to &&
        (one.last ?? to) >= from &&
        (agent === undefined || one.agent === null || one.agent === agent),
    );
    const page = all.slice(after, after + limit).map(({ data }) => data);
    const next = after + page.length;
    return { rows: `[${page.join(",")}]`, count: page.length, next, more: all.length > next };
  }

  async vitals(query: Parameters<CaptureReader["vitals"]>[0]): ReturnType<CaptureReader["vitals"]> {
    const { from = 0, to = Number.MAX_SAFE_INTEGER, limit } = query;
    const all = this.samples.filter(({ at }) => at >= from && at <= to);
    return { samples: all.slice(0, limit), more: all.length > limit };
  }

  onCommitted(listener: (committed: Committed) => void): () => void {
    this.#committed.add(listener);
    return () => this.#committed.delete(listener);
  }

  timeline(): Timeline {
    return this.currentTimeline;
  }

  /** Sets what is known, and tells it as changed. */
  setTimeline(timeline: Timeline): void {
    this.currentTimeline = timeline;
    for (const listener of this.#timelineListeners) listener(timeline);
  }

  onTimeline(listener: (changed: Timeline) => void): () => void {
    this.#timelineListeners.add(listener);
    return () => this.#timelineListeners.delete(listener);
  }

  findings(): readonly Finding[] {
    return this.currentFindings;
  }

  /** Adds or replaces, and tells it as changed. */
  setFindings(findings: readonly Finding[]): void {
    this.currentFindings = findings;
    for (const listener of this.#findingListeners) listener(findings);
  }

  onFindings(listener: (changed: readonly Finding[]) => void): () => void {
    this.#findingListeners.add(listener);
    return () => this.#findingListeners.delete(listener);
  }

  async storedFindings(): Promise<readonly Finding[]> {
    await this.#ready();
    return this.currentFindings;
  }

  async lanes({ before = Number.MAX_SAFE_INTEGER, limit, agent }: LaneQuery): Promise<LanePage> {
    await this.#ready();
    const rows = [...this.#rows.values()]
      .filter((row) => row.number < before && (agent === undefined || row.agent === agent))
      .toSorted((a, b) => b.number - a.number);
    const page = rows.slice(0, limit);
    return {
      marks: JSON.stringify(page.map(markOf)),
      count: page.length,
      next: page.at(-1)?.number ?? 0,
      more: rows.length > limit,
    };
  }

  onStatus(listener: (status: RecorderStatus) => void): () => void {
    this.#statusListeners.add(listener);
    return () => this.#statusListeners.delete(listener);
  }

  async pause(): Promise<void> {
    await this.#ready();
    this.setStatus({ recording: false });
  }

  async resume(): Promise<void> {
    await this.#ready();
    this.setStatus({ recording: true });
  }

  async startCapture(name: string): Promise<CaptureInfo> {
    await this.#ready();
    const made = captureInfo(`cap${this.#captures.length + 1}`, name);
    this.#captures.push(made);
    this.#rows.clear();
    this.setStatus({});
    return made;
  }

  async renameCapture(id: string, name: string): Promise<void> {
    await this.#ready();
    const at = this.#captures.findIndex((capture) => capture.id === id);
    this.#captures[at] = { ...this.#captures[at]!, name };
  }

  async clear(): Promise<void> {
    await this.#ready();
    for (const [id, row] of this.#rows) this.#hidden.set(id, row);
    this.#rows.clear();
    this.seq += 1;
  }

  async undoClear(): Promise<void> {
    await this.#ready();
    for (const [id, row] of this.#hidden) this.#rows.set(id, row);
    this.#hidden.clear();
    this.seq += 1;
  }

  async deleteExchanges(ids: readonly string[]): Promise<void> {
    await this.#ready();
    for (const id of ids) {
      this.seq += 1;
      if (!this.#rows.delete(id)) continue;
      this.#buried.add(id);
      this.#deleted.set(id, this.seq);
    }
  }

  /** Secrets are words that begin with `secret-`. */
  async conceal({ head, body }: PlainMessage): Promise<PlainMessage> {
    await this.#ready();
    const hide = (text: string): string => text.replaceAll("secret-", "‹secret›-");
    return { head: hide(head), body: hide(body) };
  }

  async reveal({ head, body }: PlainMessage): Promise<PlainMessage | null> {
    await this.#ready();
    if ((head + body).includes("‹unknown›")) return null;
    const show = (text: string): string => text.replaceAll("‹secret›", "secret");
    return { head: show(head), body: show(body) };
  }

  async setComment(id: string, comment: string | null): Promise<void> {
    await this.#ready();
    this.commit({ number: this.#rows.get(id)!.number, comment });
  }

  async setMark(id: string, mark: string | null): Promise<void> {
    await this.#ready();
    this.commit({ number: this.#rows.get(id)!.number, mark });
  }

  async exchanges(query: ExchangeQuery): Promise<ExchangePage> {
    const matches = this.#matcher(query.query ?? "");
    await this.#ready();
    const before = query.before ?? Number.POSITIVE_INFINITY;
    const backwards = query.before !== undefined;
    const found = [...this.#rows.values()]
      .filter((row) => (backwards ? row.number < before : row.seq > (query.since ?? 0)))
      .filter((row) => row.seq <= (query.upTo ?? Number.POSITIVE_INFINITY))
      .filter((row) => row.captureId === (query.captureId ?? this.captureId) && matches(row))
      .sort((a, b) => (backwards ? b.number - a.number : a.seq - b.seq));
    const rows = found.slice(0, query.limit);
    const last = rows.at(-1);
    const end = backwards ? last?.number : last?.seq;
    return {
      rows: JSON.stringify(rows),
      count: rows.length,
      next: end ?? query.before ?? query.since ?? 0,
      more: found.length > rows.length,
    };
  }

  async changes(query: { since: number; upTo: number; query: string }) {
    const matches = this.#matcher(query.query);
    await this.#ready();
    const rows: ExchangeSummary[] = [];
    const gone: string[] = [];
    for (const row of [...this.#rows.values()].sort((a, b) => a.seq - b.seq)) {
      const changed = row.seq > query.since && row.seq <= query.upTo;
      if (!changed && row.outcome.kind !== "pending") continue;
      if (matches(row)) rows.push(row);
      else gone.push(row.id);
    }
    for (const [id, seq] of this.#deleted) {
      if (seq > query.since && seq <= query.upTo) gone.push(id);
    }
    return { rows: JSON.stringify(rows), gone };
  }

  async exchange(id: string): Promise<ExchangeDetail | null> {
    await this.#ready();
    const row = this.#rows.get(id);
    if (row === undefined) return null;
    const none = { request: null, response: null, informational: [], frames: [], framesTotal: 0 };
    return { ...row, ...none, ...this.details.get(id) };
  }

  async body(id: string, side: "request" | "response"): Promise<Body | null> {
    await this.#ready();
    return this.bodies.get(`${id}/${side}`) ?? null;
  }

  async frames(id: string, from: number, limit: number): Promise<ExchangeDetail["frames"]> {
    await this.#ready();
    return (this.details.get(id)?.frames ?? []).slice(from, from + limit);
  }

  async connections(options: { since?: number; limit: number }) {
    await this.#ready();
    return this.connectionRecords
      .filter((record) => record.seq > (options.since ?? 0))
      .slice(0, options.limit);
  }

  async connection(id: number): Promise<ConnectionRecord | null> {
    await this.#ready();
    return this.connectionRecords.find((record) => record.id === id) ?? null;
  }

  async captures(): Promise<readonly CaptureInfo[]> {
    await this.#ready();
    return this.#captures;
  }

  async totals() {
    await this.#ready();
    const { exchanges, pending, bytes } = this.status();
    return { exchanges, pending, bytes };
  }

  async close(): Promise<void> {
    await this.#ready();
  }

  async #ready(): Promise<void> {
    this.reads += 1;
    if (this.readGate !== null) await this.readGate;
    else await new Promise((resolve) => setImmediate(resolve));
    if (this.failure !== null) throw this.failure;
  }

  #write(change: RowChange): ExchangeSummary {
    this.seq += 1;
    const id = `${this.captureId}-${change.number}`;
    const before = this.#rows.get(id) ?? blankRow(change.number, this.captureId, this.now);
    const row: ExchangeSummary = { ...before, ...change, seq: this.seq };
    this.#rows.set(id, row);
    this.#deleted.delete(id);
    return row;
  }

  /** A small filter language: `path~TEXT`, `sid:"SID"`, `is:pending`, `age>MS`. */
  #matcher(query: string): (row: ExchangeSummary) => boolean {
    if (query === "") return () => true;
    if (query === "is:pending") return (row) => row.outcome.kind === "pending";
    const path = /^path~(.+)$/.exec(query)?.[1];
    if (path !== undefined) return (row) => row.path.includes(path);
    const sid = /^sid:"(.+)"$/.exec(query)?.[1];
    if (sid !== undefined) return (row) => row.sid === sid;
    const age = /^age>(\d+)$/.exec(query)?.[1];
    if (age !== undefined) {
      return (row) => row.outcome.kind === "pending" && this.now - Date.parse(row.at) > Number(age);
    }
    throw fail("query-invalid", { at: query, why: "unknown word" });
  }
}

export const pending: Outcome = { kind: "pending" };
export const responded = (status: number): Outcome => ({ kind: "responded", status, reason: "OK" });

function markOf(row: ExchangeSummary): LaneMark {
  const { number, seq, agent, host, port, sid, event, notes, faults, outcome } = row;
  const at = Date.parse(row.at);
  return {
    number,
    seq,
    agent,
    host,
    port,
    sid,
    event,
    notes,
    faults,
    at,
    role: "poll",
    end: outcome.kind === "pending" ? null : at + (row.timing.responseEnd ?? 0),
    gapMs: row.thinkGapMs,
    state: outcome.kind,
    status: outcome.kind === "pending" ? null : outcome.status,
    blame: outcome.kind === "failed" ? outcome.blame : null,
  };
}

function captureInfo(id: string, name: string): CaptureInfo {
  return {
    id,
    name,
    startedAt: "2026-03-01T09:00:00.000Z",
    endedAt: null,
    exchanges: 0,
    secretsKept: false,
  };
}

/** A poll that waits. */
export function blankRow(number: number, captureId: string, now: number): ExchangeSummary {
  return {
    id: `${captureId}-${number}`,
    number,
    captureId,
    seq: 0,
    at: new Date(now).toISOString(),
    kind: "http",
    role: "poll",
    method: "POST",
    url: "https://fin1.demo.test:7443/http-bind/",
    protocol: "HTTPS",
    host: "fin1.demo.test",
    port: 7443,
    path: "/http-bind/",
    httpVersion: "1.1",
    connection: 1,
    client: { address: "127.0.0.1", port: 50_000, process: null },
    outcome: pending,
    sizes: { requestHead: 400, requestBody: 120, responseHead: -1, responseBody: -1 },
    timing: {
      requestEnd: 1,
      serverConnected: null,
      serverTls: null,
      requestSent: 1.5,
      responseFirst: null,
      responseEnd: null,
      delivered: null,
      failed: null,
    },
    holdMs: null,
    thinkGapMs: null,
    waitMs: 30_000,
    contentType: null,
    caching: null,
    agent: "1001001",
    sid: "ab12cd",
    rid: 7,
    event: null,
    faults: [],
    notes: [],
    related: [],
    comment: null,
    mark: null,
  };
}
