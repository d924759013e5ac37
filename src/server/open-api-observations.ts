/** The shapes of vitals, probes and loaded logs as JSON Schema. */
import type { LogFact } from "../domain/log-fact.ts";
import type { Alignment, LogFileReport, LogsLoaded } from "../domain/log-report.ts";
import type { BrowserVitals, ProbeResult, VitalsSample } from "../domain/vitals.ts";
import {
  every,
  fields,
  flag,
  integer,
  integerOrNull,
  type JsonSchema,
  list,
  named,
  number,
  numberOrNull,
  oneOf,
  orNull,
  text,
  textOrNull,
} from "./json-schema.ts";
import type { LogFileList, LogList, ProbeList, VitalsList } from "./messages.ts";

const wall = { ...number, description: "Milliseconds since 1970." };

const sample = every<VitalsSample>({
  at: wall,
  mono: number,
  loopLagMs: { ...number, description: "Longest delay of the relay's event loop." },
  wallJumpMs: { ...number, description: "The wall clock's advance minus the monotonic one's." },
  lateMs: { ...number, description: "How much later than a second after the one before." },
  queuedMs: {
    ...number,
    description:
      "Of that, ready to run without a processor; absent where the system does not tell.",
  },
  systemCpu: { ...numberOrNull, description: "0 to 1, of all cores." },
  ownCpu: { ...numberOrNull, description: "0 to 1 of one core." },
  freeMemory: number,
  totalMemory: number,
  ownMemory: number,
  browser: orNull(
    every<BrowserVitals>({ pids: integer, cpu: number, memory: number, stopped: integer }),
  ),
  network: textOrNull,
});

const probe = every<ProbeResult>({
  at: wall,
  host: text,
  port: integer,
  step: oneOf("dns", "tcp", "tls", "http-bind", "systeminfo"),
  ok: flag,
  ms: number,
  status: integerOrNull,
  error: textOrNull,
  serverStatus: textOrNull,
  exchange: { ...textOrNull, description: "Id of the exchange it left." },
});

const source = oneOf("openfire", "webservices", "client");

const fact = every<LogFact>({
  source,
  file: text,
  line: integer,
  at: { ...numberOrNull, description: "Milliseconds since 1970 by the capture's clock." },
  local: { ...number, description: "As written, as if it were UTC." },
  kind: { ...text, description: "session-active, session-idle-close, presence, drift, …" },
  sid: textOrNull,
  jid: textOrNull,
  agent: textOrNull,
  requestId: textOrNull,
  values: { type: "object", additionalProperties: { type: ["string", "number"] } },
  text: { ...text, description: "The line, secrets replaced." },
});

const reportFields: Readonly<Record<keyof LogFileReport, JsonSchema>> = {
  file: text,
  source: orNull(source),
  lines: integer,
  facts: integer,
  other: integer,
  continued: integer,
  unknown: integer,
  unknownKept: list(fields({ line: integer, text })),
  cutLines: integer,
};

const alignment = every<Alignment>({
  file: text,
  source,
  offsetMs: { ...numberOrNull, description: "Added to what is written; null = not placed." },
  how: oneOf(
    "own-zone",
    "webservices-zone",
    "client-log-zone",
    "systeminfo-zone",
    "matched",
    "drift",
    "assumed",
    "none",
  ),
  uncertaintyMs: numberOrNull,
  matches: integer,
});

export const observationSchemas = {
  Vitals: sample,
  VitalsList: every<VitalsList>({ samples: list(named("Vitals")), more: flag }),
  Probe: probe,
  ProbeList: every<ProbeList>({ probes: list(named("Probe")), next: integer, more: flag }),
  LogFact: fact,
  LogList: every<LogList>({ facts: list(named("LogFact")), next: integer, more: flag }),
  LogFileReport: every<LogFileReport>(reportFields),
  Alignment: alignment,
  LogFileList: every<LogFileList>({
    files: list(fields({ ...reportFields, alignments: list(named("Alignment")) })),
  }),
  LogsLoaded: every<LogsLoaded>({
    files: list(named("LogFileReport")),
    skipped: list(fields({ file: text, why: text })),
    leftOut: integer,
    alignments: list(named("Alignment")),
    facts: integer,
  }),
} as const;
