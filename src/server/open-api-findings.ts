/** The shapes of findings as JSON Schema. */
import {
  every,
  fields,
  flag,
  integerOrNull,
  list,
  named,
  number,
  oneOf,
  text,
  textOrNull,
  texts,
  time,
} from "./json-schema.ts";
import type { FindingList, FindingView } from "./messages.ts";

const side = oneOf(
  "client",
  "network",
  "server",
  "configuration",
  "boshscope",
  "fault-rule",
  "unknown",
);
const certainty = {
  ...oneOf("seen", "expected"),
  description: "Expected: by arithmetic; at is its latest moment.",
};

const finding = every<FindingView>({
  id: text,
  severity: oneOf("disconnect", "near-miss", "warning"),
  at: time,
  foundAt: time,
  revisedAt: time,
  open: { ...flag, description: "More may still come." },
  side,
  cause: { ...text, description: "F0 to F25 of the failure catalogue." },
  confidence: { ...number, minimum: 0, maximum: 1 },
  title: text,
  explanation: text,
  reasons: texts,
  before: texts,
  consequences: list(
    fields({
      at: time,
      kind: oneOf("session-closed", "forced-logout", "failover", "client-gives-up"),
      certainty,
      what: text,
    }),
  ),
  advice: texts,
  wouldSettle: texts,
  evidence: { ...texts, minItems: 1, description: "Ids of exchanges, or FILE:LINE of a log." },
  details: list(
    fields({ exchange: text, role: oneOf("trigger", "witness", "consequence"), what: text }),
  ),
  revisions: list(fields({ at: time, side, cause: text, confidence: number, why: text })),
  agents: texts,
  agent: textOrNull,
  sid: textOrNull,
  host: textOrNull,
  port: integerOrNull,
  faults: texts,
});

export const findingSchemas = {
  Finding: finding,
  FindingList: every<FindingList>({ findings: list(named("Finding")) }),
} as const;
