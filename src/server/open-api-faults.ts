/** The shapes of fault rules and scenarios as JSON Schema. */
import type { FaultAction, FaultMatch, FaultRule, HeldMessage } from "../domain/fault-rule.ts";
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
  text,
  textOrNull,
  texts,
  time,
  timeOrNull,
} from "./json-schema.ts";
import type {
  FaultRuleView,
  FaultsState,
  ScenarioCard,
  ScenarioList,
  ScenarioRun,
} from "./messages.ts";

const leg = oneOf("request", "response");
const how = oneOf("fin", "reset", "silence");
const ms: JsonSchema = {
  type: "integer",
  minimum: 0,
  description: "Milliseconds of protocol time.",
};

const match: Readonly<Record<keyof FaultMatch, JsonSchema>> = {
  host: { ...text, description: "* for any run of characters." },
  port: integer,
  method: text,
  path: { ...text, description: "With its query; * for any run of characters." },
  agent: { ...text, description: "Login id." },
  sid: text,
  kind: oneOf(
    "connect",
    "tls",
    "session-create",
    "poll",
    "http-bind",
    "notification",
    "systeminfo",
    "state-change",
    "rest",
    "websocket",
    "frame",
    "ping",
    "any",
  ),
  event: { ...text, description: "Contained in the message once unfolded." },
  state: { ...text, description: "The agent's state, or the session's phase." },
  afterRid: integer,
  nth: { ...integer, description: "Counted for each session apart." },
  everyNth: integer,
  probability: { ...number, minimum: 0, maximum: 1 },
  window: {
    ...fields({ fromMs: ms, untilMs: integerOrNull }),
    description: "After arming.",
  },
};

type Fields = Readonly<Record<string, JsonSchema>>;
const actions: Readonly<Record<FaultAction["kind"], Fields>> = {
  delay: { leg, ms, jitterMs: ms },
  "delay-until": { ageMs: ms },
  hold: { leg },
  drop: { leg, how },
  cut: { leg, afterBytes: integer, how },
  throttle: { leg, bytesPerSecond: integer },
  answer: { template: named("AnswerTemplate") },
  alter: {
    leg,
    setHeaders: list(texts),
    removeHeaders: texts,
    replace: list(fields({ text, by: text })),
    setPaths: list(fields({ path: text, text })),
  },
  duplicate: { leg },
  reorder: {},
  "refuse-connect": { how: oneOf("reset", "silence") },
  "break-tls": { leg },
  forget: { ms, counts: oneOf("idle", "open"), how: oneOf("reset", "silence") },
  "pause-polls": { ms: integerOrNull },
};

const action: JsonSchema = {
  oneOf: Object.entries(actions).map(([kind, more]) => fields({ kind: { const: kind }, ...more })),
};

const template: JsonSchema = {
  oneOf: [
    fields({
      kind: oneOf("invalid-sid", "conflict", "out-of-service", "invalid-character"),
    }),
    fields({ kind: { const: "empty" }, form: oneOf("finesse", "openfire") }),
    fields({ kind: { const: "terminate" }, condition: textOrNull }),
    fields({ kind: { const: "system-info" }, status: text }),
    fields({ kind: { const: "oversized" }, bytes: integer }),
    fields({
      kind: { const: "custom" },
      status: integer,
      reason: text,
      headers: list(texts),
      body: { ...text, description: "{sid} and {rid} stand for those of the request." },
    }),
    fields({ kind: { const: "recorded" }, exchange: text }),
  ],
};

const rule: Readonly<Record<keyof FaultRule, JsonSchema>> = {
  id: text,
  name: text,
  match: { type: "object", properties: match, description: "All that are given must hold." },
  actions: list(named("FaultAction")),
  times: { ...integerOrNull, description: "It disarms itself after so many hits." },
  expiresAfterMs: { ...numberOrNull, description: "It disarms itself so long after arming." },
  alsoWaiting: { ...flag, description: "Requests that wait when it is armed are matched too." },
};

const run = every<ScenarioRun>({
  id: text,
  scenario: text,
  agent: textOrNull,
  host: textOrNull,
  client: { anyOf: [oneOf("jabberwerx", "strophe", "websocket"), { type: "null" }] },
  observedBy: { anyOf: [oneOf("simulator", "client-log"), { type: "null" }] },
  startedAt: time,
  triggeredAt: timeOrNull,
  endedAt: timeOrNull,
  rules: texts,
  steps: list(
    fields({
      what: text,
      expectedMs: { ...list(number), description: "Earliest and latest, after triggeredAt." },
      observedMs: numberOrNull,
      certainty: oneOf("sure", "maybe", "never"),
      verdict: oneOf("waiting", "missing", "in-time", "early", "late", "absent", "unwanted"),
    }),
  ),
  asExpected: {
    anyOf: [flag, { type: "null" }],
    description: "Whether every step was seen when it should; null = nobody can tell.",
  },
});

export const faultSchemas = {
  AnswerTemplate: template,
  FaultAction: action,
  FaultRuleInput: {
    type: "object",
    properties: { ...rule, arm: flag },
    required: ["actions"],
  },
  FaultRule: every<FaultRuleView>({
    ...rule,
    armed: flag,
    armedAt: timeOrNull,
    expiresAt: timeOrNull,
    hits: integer,
    lastExchange: textOrNull,
    scenario: textOrNull,
    sentence: text,
  }),
  FaultRuleFile: list(fields(rule)),
  Imported: fields({ added: integer }),
  HeldMessage: every<HeldMessage>({
    id: text,
    rule: text,
    exchange: text,
    leg,
    since: time,
    head: text,
    body: text,
  }),
  Faults: every<FaultsState>({
    rules: list(named("FaultRule")),
    armed: integer,
    held: list(named("HeldMessage")),
    runs: list(named("ScenarioRun")),
  }),
  Scenario: every<ScenarioCard>({
    name: text,
    title: text,
    description: text,
    expected: texts,
    cause: { ...text, description: "Of the failure catalogue." },
    needs: oneOf("agent", "host"),
    clients: list(oneOf("jabberwerx", "strophe", "websocket")),
    lastsMs: number,
  }),
  ScenarioList: every<ScenarioList>({ scenarios: list(named("Scenario")) }),
  ScenarioRun: run,
} as const;
