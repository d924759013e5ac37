/** The shapes in the API's answers as JSON Schema, for /openapi.json. The compiler checks that each names every field of its type. */
import type { ConnectionRecord } from "../domain/connection.ts";
import type {
  BodyDetail,
  ExchangeDetail,
  ExchangeSummary,
  MessageDetail,
  WebSocketFrame,
} from "../domain/exchange.ts";
import type { CaptureInfo, SetupState } from "../domain/recording.ts";
import {
  counts,
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
  texts,
  time,
  timeOrNull,
} from "./json-schema.ts";
import type {
  ApiError,
  CaptureList,
  CaptureState,
  ConnectionList,
  ExchangeAnswer,
  ExchangeList,
  FrameList,
  Health,
  PageConfig,
  SetupAnswer,
} from "./messages.ts";
import { byHandSchemas } from "./open-api-by-hand.ts";
import { compareSchemas } from "./open-api-compare.ts";
import { faultSchemas } from "./open-api-faults.ts";
import { findingSchemas } from "./open-api-findings.ts";
import { observationSchemas } from "./open-api-observations.ts";
import { timelineSchemas } from "./open-api-timeline.ts";
import { transferSchemas } from "./open-api-transfers.ts";
import { xmppSchemas } from "./open-api-xmpp.ts";

const endpoint = fields({ host: text, port: integer });
const lag = fields({ p50: number, p99: number });
const page = { next: integer, more: flag };
const word = (meaning: string): JsonSchema => ({ type: "string", description: meaning });

const outcome: JsonSchema = {
  oneOf: [
    fields({ kind: { const: "pending" } }),
    fields({ kind: { const: "responded" }, status: integer, reason: text }),
    fields({
      kind: { const: "failed" },
      phase: oneOf("connect", "tls", "request", "headers", "body", "frames"),
      cause: word("What ended it: reset, closed-early, timeout, refused, dns, tls-alert, …"),
      blame: oneOf("client", "server", "network", "boshscope", "fault-rule"),
      status: integerOrNull,
      alert: integerOrNull,
      detail: text,
    }),
  ],
};

const timing: JsonSchema = {
  ...fields({
    requestEnd: numberOrNull,
    serverConnected: numberOrNull,
    serverTls: numberOrNull,
    requestSent: numberOrNull,
    responseFirst: numberOrNull,
    responseEnd: numberOrNull,
    delivered: numberOrNull,
    failed: numberOrNull,
  }),
  description: "Milliseconds after the request's first byte; null = has not happened (yet).",
};

const summary: Readonly<Record<keyof ExchangeSummary, JsonSchema>> = {
  id: text,
  number: integer,
  captureId: text,
  seq: { type: "integer", description: "Rises with every change; pass the highest as since." },
  at: time,
  kind: oneOf("http", "websocket", "tunnel"),
  role: oneOf("poll", "systeminfo", "rest", "websocket", "tunnel", "other"),
  method: text,
  url: { type: "string", description: "Absolute, secrets replaced. For tunnels host:port." },
  protocol: oneOf("HTTP", "HTTPS"),
  host: text,
  port: integer,
  path: text,
  httpVersion: text,
  connection: integer,
  client: fields({ address: text, port: integer, process: textOrNull }),
  outcome,
  sizes: fields({
    requestHead: integer,
    requestBody: integer,
    responseHead: integer,
    responseBody: integer,
  }),
  timing,
  holdMs: {
    type: ["number", "null"],
    description: "First byte from the server minus last byte to the server.",
  },
  thinkGapMs: { type: ["number", "null"], description: "Since the end of the last answer." },
  waitMs: { type: ["number", "null"], description: "The wait granted to this poll's session." },
  contentType: textOrNull,
  caching: textOrNull,
  agent: textOrNull,
  sid: textOrNull,
  rid: integerOrNull,
  event: textOrNull,
  faults: texts,
  notes: texts,
  related: list(
    fields({
      kind: oneOf("notified-by", "asked-by", "repeats", "released-by"),
      number: integer,
      afterMs: numberOrNull,
    }),
  ),
  comment: textOrNull,
  mark: orNull(oneOf("red", "blue", "gold", "green", "purple")),
};

const detail: Readonly<Record<keyof ExchangeDetail, JsonSchema>> = {
  ...summary,
  request: orNull(named("Message")),
  response: orNull(named("Message")),
  informational: texts,
  frames: list(named("Frame")),
  framesTotal: integer,
};

const tlsLeg = orNull(fields({ version: text, cipher: text, alpn: textOrNull, resumed: flag }));
const legClose = orNull(
  fields({
    at: time,
    by: oneOf("peer", "boshscope"),
    how: oneOf("fin", "reset", "tls-alert", "timeout", "failed"),
    alert: integerOrNull,
    detail: text,
  }),
);
const certificate = orNull(
  fields({
    subject: text,
    issuer: text,
    altNames: texts,
    validFrom: text,
    validTo: text,
    fingerprint256: text,
    selfSigned: flag,
    problem: textOrNull,
    pin: oneOf("first-seen", "same", "changed", "off"),
  }),
);

const connection = every<ConnectionRecord>({
  id: integer,
  captureId: text,
  seq: integer,
  at: time,
  endedAt: timeOrNull,
  mode: oneOf("undecided", "intercepted", "plain", "tunnel", "refused"),
  reason: text,
  host: textOrNull,
  port: integerOrNull,
  client: fields({ address: text, port: integer, process: textOrNull, pid: integerOrNull }),
  server: orNull(fields({ address: text, port: integer })),
  sni: textOrNull,
  alpnOffered: texts,
  clientTls: tlsLeg,
  serverTls: tlsLeg,
  certificate,
  shownNames: texts,
  timing: fields({
    serverConnected: numberOrNull,
    serverTls: numberOrNull,
    clientTls: numberOrNull,
  }),
  bytes: fields({ toServer: integer, toClient: integer }),
  exchanges: integer,
  clientClose: legClose,
  serverClose: legClose,
  firstToEnd: orNull(oneOf("client", "server")),
  failure: orNull(fields({ phase: text, cause: text })),
  errors: list(fields({ name: text, at: time, detail: text, alert: integerOrNull })),
  interference: texts,
});

const setupState: Readonly<Record<keyof SetupState, JsonSchema>> = {
  proxySeen: timeOrNull,
  endpoints: list(
    fields({
      host: text,
      port: integer,
      state: oneOf("trusted", "rejected", "seen", "tunnel"),
      alert: integerOrNull,
      at: time,
    }),
  ),
  httpBindSeen: timeOrNull,
};

/** All named shapes, as they stand under components/schemas. */
export const schemas = {
  Error: every<ApiError>({ error: fields({ code: text, message: text, remedy: text }) }),
  Health: every<Health>({
    status: oneOf("ok", "degraded"),
    version: text,
    captureId: text,
    uptimeMs: number,
    exchanges: integer,
    pending: integer,
    openConnections: integer,
    loopLagMs: lag,
    store: fields({ bytes: integer, state: oneOf("ok", "failing", "paused") }),
    notKept: integer,
    connectionErrors: counts,
    alerts: list(
      word("What the page shows as banners: store-failed, recorder-behind, keys-logged, …"),
    ),
  }),
  Config: every<PageConfig>({
    version: text,
    proxy: endpoint,
    page: endpoint,
    caFingerprint256: text,
    caSubject: text,
    platform: text,
    bodyLimit: integer,
    finesse: texts,
    decryptPorts: list(integer),
    serverCerts: oneOf("pin", "strict", "off"),
    timeScale: number,
    options: list(fields({ name: text, value: text, origin: text })),
  }),
  Capture: every<CaptureInfo>({
    id: text,
    name: text,
    startedAt: time,
    endedAt: timeOrNull,
    exchanges: integer,
    secretsKept: flag,
  }),
  CaptureList: every<CaptureList>({ captures: list(named("Capture")), current: text }),
  CaptureState: every<CaptureState>({ captureId: text, captureName: text, recording: flag }),
  Connection: connection,
  ConnectionList: every<ConnectionList>({ connections: list(named("Connection")), ...page }),
  Exchange: every<ExchangeSummary>(summary),
  ExchangeList: every<ExchangeList>({ exchanges: list(named("Exchange")), ...page }),
  ExchangeDetail: every<ExchangeAnswer>({
    ...detail,
    connectionRecord: orNull(named("Connection")),
  }),
  Message: every<MessageDetail>({
    startLine: text,
    headers: list(fields({ name: text, value: text })),
    trailers: list(fields({ name: text, value: text })),
    rawHead: text,
    body: orNull(named("Body")),
  }),
  Body: every<BodyDetail>({
    wireLength: integer,
    keptLength: integer,
    encoding: textOrNull,
    decoded: flag,
    cut: flag,
    hash: textOrNull,
    contentType: textOrNull,
  }),
  Frame: every<WebSocketFrame>({
    index: integer,
    at: time,
    from: oneOf("client", "server"),
    opcode: integer,
    final: flag,
    length: integer,
    text: textOrNull,
    hex: textOrNull,
    cut: flag,
    event: textOrNull,
  }),
  FrameList: every<FrameList>({ frames: list(named("Frame")), ...page }),
  Setup: every<SetupAnswer>({
    ...setupState,
    proxy: endpoint,
    ca: fields({ subject: text, fingerprint256: text }),
    finesseHosts: texts,
    pacPath: text,
    caPemPath: text,
    caDerPath: text,
  }),
  ...timelineSchemas,
  ...findingSchemas,
  ...observationSchemas,
  ...byHandSchemas,
  ...compareSchemas,
  ...faultSchemas,
  ...transferSchemas,
  ...xmppSchemas,
} as const satisfies Readonly<Record<string, JsonSchema>>;

/** A reference to one of them. */
export const refTo = (name: keyof typeof schemas): JsonSchema => named(name);
