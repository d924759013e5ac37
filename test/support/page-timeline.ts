/** Made-up agents, sessions and lane marks, so that the lanes have something to show without a proxy. */
import type { AgentSummary, LaneMark, SessionSummary } from "../../src/domain/timeline.ts";
import type { FeedMessage } from "../../src/server/messages.ts";
import { captureId } from "./page-rows.ts";

const iso = (ms: number): string => new Date(ms).toISOString();
const pollMs = 30_000;
const firstNumber = 1_000_001;

interface Made {
  readonly agent: string;
  readonly sid: string;
  readonly host: string;
  /** ms without a poll, before now; 0 = all is well. */
  readonly silentMs: number;
}

const agents: readonly Made[] = [
  { agent: "1001003", sid: "77aa01bc", host: "fin2.ucce.local", silentMs: 0 },
  { agent: "47483648", sid: "f382a015", host: "fin1.ucce.local", silentMs: 64_000 },
];

/** A healthy agent and one whose tab was frozen; `now`: wall ms. */
export function sampleTimeline(now: number): readonly FeedMessage[] {
  const marks = agents.flatMap((made, index) => marksOf(made, now, firstNumber + index * 100));
  return [
    {
      kind: "timeline",
      captureId,
      sessions: agents.map((made, index) => sessionOf(made, now, index + 1)),
      agents: agents.map((made, index) => agentOf(made, now, index + 1)),
    },
    { kind: "marks", seq: 1, marks },
  ];
}

function marksOf({ agent, sid, host, silentMs }: Made, now: number, first: number): LaneMark[] {
  const marks: LaneMark[] = [];
  const shared = { seq: 1, agent, host, port: 7443, sid, blame: null, faults: [] } as const;
  const last = now - silentMs;
  for (let at = now - 180_000; at < last; at += pollMs + 14) {
    const isOpen = at + pollMs > last && silentMs === 0;
    marks.push({
      ...shared,
      number: first + marks.length,
      role: "poll",
      at,
      end: isOpen ? null : Math.min(at + pollMs, last),
      gapMs: 14,
      state: isOpen ? "pending" : "responded",
      status: isOpen ? null : 200,
      event: marks.length === 2 ? "READY → TALKING" : null,
      notes: marks.length === 2 ? [] : ["empty"],
      faults: marks.length === 1 && silentMs > 0 ? ["r1"] : [],
    });
  }
  return marks;
}

function sessionOf(
  { agent, sid, host, silentMs }: Made,
  now: number,
  index: number,
): SessionSummary {
  return {
    id: `${captureId}-s${index}`,
    transport: "bosh",
    host,
    port: 7443,
    sid,
    jid: `${agent}@${host}/desktop`,
    agent,
    phase: silentMs > 0 ? "silent" : "open",
    joined: false,
    client: "jabberwerx",
    granted: {
      wait: 30,
      hold: 1,
      requests: 2,
      inactivity: 60,
      polling: 5,
      maxpause: null,
      ver: "1.6",
    },
    startedAt: iso(now - 180_000),
    endedAt: null,
    ending: null,
    requests: 40,
    rids: 40,
    firstRid: 1000,
    lastRid: 1039,
    stanzasToServer: 12,
    stanzasToClient: 17,
    retransmissions: silentMs > 0 ? 2 : 0,
    failures: silentMs > 0 ? 1 : 0,
    pings: 3,
    open: silentMs > 0 ? 0 : 1,
    openSince: silentMs > 0 ? null : iso(now - 12_000),
    quietSince: silentMs > 0 ? iso(now - silentMs) : null,
    lastThinkGapMs: 14,
    maxThinkGapMs: silentMs > 0 ? silentMs : 41,
    firstExchange: `${captureId}-5`,
    lastExchange: `${captureId}-18`,
    previous: null,
    failover: false,
  };
}

function agentOf({ agent, host, silentMs }: Made, now: number, index: number): AgentSummary {
  return {
    agent,
    state: silentMs > 0 ? "READY" : "TALKING",
    host,
    sessions: [`${captureId}-s${index}`],
    heartbeats: [
      {
        host,
        port: 8445,
        cadence: "normal",
        lastAt: iso(now - 20_000),
        lastExchange: `${captureId}-9`,
        beats: 12,
        intervalMs: 60_002,
        jitterMs: 4,
        missed: silentMs > 0 ? 1 : 0,
        isMissing: silentMs > 0,
        status: "IN_SERVICE",
        driftMs: 491,
        roundTripMs: 14,
      },
    ],
    story: [
      {
        at: iso(now - 100_000),
        kind: "state-changed",
        host,
        port: 8445,
        exchange: `${captureId}-14`,
        session: `${captureId}-s${index}`,
        detail: "NOT_READY → READY",
      },
    ],
    firstSeen: iso(now - 180_000),
    lastSeen: iso(now - silentMs),
    joinedBy: ["jid"],
  };
}
