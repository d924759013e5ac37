/** A frozen tab as a report's input, in either language; `text` puts something into every captured text. */
import type { ConnectionRecord } from "../../../../src/domain/connection.ts";
import type { ExchangeSummary, Outcome } from "../../../../src/domain/exchange.ts";
import type { LaneMark } from "../../../../src/domain/timeline.ts";
import type { VitalsSample } from "../../../../src/domain/vitals.ts";
import type {
  Incident,
  ReportFinding,
  ReportInput,
  ReportLanguage,
} from "../../../../src/interchange/report/report.ts";

const start = Date.parse("2026-03-05T08:12:00.000Z");
const iso = (seconds: number): string => new Date(start + seconds * 1000).toISOString();
const nothing = {
  requestEnd: 1,
  serverConnected: -1000,
  serverTls: -900,
  requestSent: 1,
  responseFirst: null,
  responseEnd: null,
  delivered: null,
  failed: null,
};

interface Poll {
  readonly number: number;
  readonly at: number;
  /** Seconds it was held; null = still waits. */
  readonly held: number | null;
  readonly gap: number | null;
  readonly outcome: Outcome;
}

const ok: Outcome = { kind: "responded", status: 200, reason: "OK" };
const polls: readonly Poll[] = [
  { number: 101, at: 0, held: 30, gap: 0.015, outcome: ok },
  { number: 103, at: 30.01, held: 30, gap: 0.014, outcome: ok },
  { number: 105, at: 60.03, held: 12.4, gap: 0.016, outcome: ok },
  {
    number: 107,
    at: 158.2,
    held: 0.02,
    gap: 85.8,
    outcome: { kind: "responded", status: 404, reason: "Invalid SID." },
  },
  { number: 109, at: 166, held: null, gap: null, outcome: { kind: "pending" } },
];

export function someReport(language: ReportLanguage, text = ""): ReportInput {
  return {
    language,
    madeAt: iso(200),
    query: text,
    incidents: [incident(text)],
    environment: {
      version: "0.3.0",
      platform: `win32${text}`,
      captureId: "c7f3a21b0",
      captureName: `Thursday, early shift${text}`,
      serverCerts: "pin",
      caFingerprint256: "3C:90:11:A2:7B:55:0D:4E",
      keepsSecrets: false,
      notKept: 0,
      connections: [connection(7443, text), connection(8445, text)],
    },
  };
}

function incident(text: string): Incident {
  const beats: LaneMark[] = [4, 64].map((at, index) => ({
    ...mark({ number: 102 + index * 2, at, held: 0.02, gap: null, outcome: ok }, text),
    port: 8445,
    role: "systeminfo",
    sid: null,
    notes: [],
    event: "SystemInfo",
  }));
  return {
    finding: finding(text),
    exchanges: polls.map((poll) => exchange(poll, text)),
    marks: [...polls.map((poll) => mark(poll, text)), ...beats],
    vitals: [sample(100, 3), sample(101, 4)],
    probes: [
      {
        at: start + 168_000,
        host: "fin1.ucce.local",
        port: 7443,
        step: "http-bind",
        ok: true,
        ms: 12,
        status: 404,
        error: text === "" ? null : text,
        serverStatus: null,
        exchange: null,
      },
    ],
  };
}

function finding(text: string): ReportFinding {
  return {
    id: "c7f3a21b0-f1",
    severity: "disconnect",
    at: iso(72.43),
    foundAt: iso(107.5),
    revisedAt: iso(158.3),
    open: false,
    side: "client",
    cause: "F4",
    confidence: 0.93,
    agents: [`1001003${text}`],
    agent: `1001003${text}`,
    sid: `f382a015${text}`,
    host: `fin1.ucce.local${text}`,
    port: 7443,
    faults: [],
    title: `1001003: the desktop's tab stopped asking fin1.ucce.local for 85.8 s${text}`,
    explanation: `The server had answered; the next request was the browser's to send, and it did not.${text}`,
    reasons: [`Other tabs of the same browser went on.${text}`],
    before: [`A call ended 4 s earlier.${text}`],
    consequences: [
      {
        at: iso(150),
        kind: "session-closed",
        certainty: "expected",
        what: `Session closed${text}`,
      },
      { at: iso(210), kind: "forced-logout", certainty: "expected", what: `Forced logout${text}` },
    ],
    advice: [`Look at the agent's other tabs and windows.${text}`],
    wouldSettle: [`Openfire's debug.log: "was last active" rises by 30 000 a line.${text}`],
    details: [
      { exchange: "c7f3a21b0-105", role: "trigger", what: `The last answer was delivered.${text}` },
      {
        exchange: "c7f3a21b0-107",
        role: "witness",
        what: `The next request came 85.8 s later.${text}`,
      },
      { exchange: "c7f3a21b0-2", role: "consequence", what: `Not kept.${text}` },
    ],
  };
}

function exchange({ number, at, held, gap, outcome }: Poll, text: string): ExchangeSummary {
  return {
    id: `c7f3a21b0-${number}`,
    number,
    captureId: "c7f3a21b0",
    seq: number,
    at: iso(at),
    kind: "http",
    role: "poll",
    method: `POST${text}`,
    url: `https://fin1.ucce.local:7443/http-bind/${text}`,
    protocol: "HTTPS",
    host: `fin1.ucce.local${text}`,
    port: 7443,
    path: `/http-bind/${text}?phone=5550100`,
    httpVersion: "1.1",
    connection: 4,
    client: { address: "127.0.0.1", port: 50_000, process: "firefox" },
    outcome: outcome.kind === "responded" ? { ...outcome, reason: outcome.reason + text } : outcome,
    sizes: { requestHead: 400, requestBody: 83, responseHead: 200, responseBody: 57 },
    timing: nothing,
    holdMs: held === null ? null : held * 1000,
    thinkGapMs: gap === null ? null : gap * 1000,
    waitMs: 30_000,
    contentType: "text/xml",
    caching: null,
    agent: "1001003",
    sid: "f382a015",
    rid: 2_861_121_877 + number,
    event: "empty",
    faults: [],
    notes: [],
    related: [],
    comment: null,
    mark: null,
  };
}

function mark({ number, at, held, gap, outcome }: Poll, text: string): LaneMark {
  return {
    number,
    seq: number,
    agent: `1001003${text}`,
    host: `fin1.ucce.local${text}`,
    port: 7443,
    sid: "f382a015",
    role: "poll",
    at: start + at * 1000,
    end: held === null ? null : start + (at + held) * 1000,
    gapMs: gap === null ? null : gap * 1000,
    state: outcome.kind,
    status: outcome.kind === "responded" ? outcome.status : null,
    blame: null,
    event: `empty${text}`,
    notes: ["empty"],
    faults: [],
  };
}

const sample = (at: number, lag: number): VitalsSample => ({
  at: start + at * 1000,
  mono: at * 1000,
  loopLagMs: lag,
  wallJumpMs: 0,
  lateMs: 1,
  systemCpu: 0.31,
  ownCpu: 0.02,
  freeMemory: 4e9,
  totalMemory: 16e9,
  ownMemory: 2e8,
  browser: { pids: 7, cpu: 0.4, memory: 1e9, stopped: 0 },
  network: null,
});

function connection(port: number, text: string): ConnectionRecord {
  const leg = {
    version: "TLSv1.2",
    cipher: "ECDHE-RSA-AES256-GCM-SHA384",
    alpn: null,
    resumed: false,
  };
  return {
    id: port,
    captureId: "c7f3a21b0",
    seq: 1,
    at: iso(0),
    endedAt: null,
    mode: "intercepted",
    reason: "Finesse port",
    host: `fin1.ucce.local${text}`,
    port,
    client: { address: "127.0.0.1", port: 50_000, process: "firefox", pid: 77 },
    server: { address: "10.1.2.3", port },
    sni: "fin1.ucce.local",
    alpnOffered: ["h2", "http/1.1"],
    clientTls: { ...leg, version: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256" },
    serverTls: leg,
    certificate: {
      subject: `CN=fin1.ucce.local${text}`,
      issuer: "CN=fin1.ucce.local",
      altNames: ["fin1.ucce.local"],
      validFrom: "2023-02-01T00:00:00.000Z",
      validTo: "2028-01-31T00:00:00.000Z",
      fingerprint256: "5D:1E:7A:00:12:34:56:78:9A:BC:DE:F0:11:22:33:44",
      selfSigned: true,
      problem: null,
      pin: "same",
    },
    shownNames: ["fin1.ucce.local"],
    timing: { serverConnected: 1, serverTls: 12, clientTls: 20 },
    bytes: { toServer: 1000, toClient: 2000 },
    exchanges: 12,
    clientClose: null,
    serverClose: null,
    firstToEnd: null,
    failure: null,
    errors: [],
    interference: ["connect", "second-tls", "http2-not-offered"],
  };
}
