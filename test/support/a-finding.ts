/** A finding as the diagnosis makes them, for tests of what is done with one. */
import type { Finding } from "../../src/domain/finding.ts";

export const aFinding = (change: Partial<Finding> = {}): Finding => ({
  id: "cap1-f1",
  severity: "near-miss",
  at: "2026-03-01T10:00:00.000Z",
  foundAt: "2026-03-01T10:00:03.000Z",
  revisedAt: "2026-03-01T10:00:03.000Z",
  open: true,
  side: "client",
  cause: "F4",
  confidence: 0.76,
  title: {
    key: "title.F4",
    values: { host: "fin1", port: 7443, count: 1, agents: "1001001", seconds: 31, rules: "" },
  },
  explanation: [{ key: "seen.gap", values: { host: "fin1", port: 7443, seconds: 31 } }],
  reasons: [{ key: "because.turn", values: {} }],
  before: [],
  consequences: [
    {
      at: "2026-03-01T10:01:30.000Z",
      kind: "session-closed",
      certainty: "expected",
      what: { key: "consequence.closed-404", values: {} },
    },
  ],
  advice: [{ key: "advice.tabs-windows", values: {} }],
  wouldSettle: [{ key: "settle.client-log", values: {} }],
  evidence: [
    { exchange: "cap1-7", role: "trigger", what: { key: "evidence.gap", values: { seconds: 31 } } },
  ],
  revisions: [],
  agents: ["1001001"],
  agent: "1001001",
  sid: "f382a015",
  host: "fin1",
  port: 7443,
  faults: [],
  ...change,
});
