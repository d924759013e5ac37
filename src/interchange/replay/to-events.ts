/** What the proxy would have said, had it seen this exchange: so that what comes from a file is understood like a live capture. */
import type { CaptureEvent, ImportedMessage } from "../../domain/capture-event.ts";
import type { CopiedMessage, ExchangeCopy } from "../exchange-copy.ts";
import { headBytes } from "../head.ts";

/** The connection it went over, as numbered for this import. `isNew`: nobody has told of it yet. `isOwn`: no other exchange shares it. */
export interface ConnectionPlace {
  readonly id: number;
  readonly isNew: boolean;
  readonly isOwn: boolean;
}

const none = new Uint8Array();

/** In order of time; monotonic marks are wall ms. */
export function eventsOf(
  copy: ExchangeCopy,
  exchange: number,
  connection: ConnectionPlace,
): CaptureEvent[] {
  const events = [
    ...(connection.isNew ? connectionEvents(copy, connection.id) : []),
    ...(copy.kind === "tunnel"
      ? tunnelEvents(copy, exchange, connection.id)
      : [
          ...requestEvents(copy, exchange, connection.id),
          ...responseEvents(copy, exchange),
          ...frameEvents(copy, exchange),
        ]),
    ...failureEvents(copy, exchange),
  ];
  const last = events.reduce((latest, { at }) => Math.max(latest, at), copy.atWall);
  const isOver = copy.outcome.kind === "failed" || (connection.isOwn && isClosed(copy));
  if (isOver) events.push({ kind: "connection-ended", connection: connection.id, at: last });
  // Marks of one exchange may contradict each other in other tools' files; equal ones stay in the order above.
  return events.toSorted((a, b) => a.at - b.at);
}

/** A WebSocket has no mark for its end: it is left open, and so is what waits. */
const isClosed = ({ kind, outcome }: ExchangeCopy): boolean =>
  kind !== "websocket" && outcome.kind !== "pending";

function connectionEvents(copy: ExchangeCopy, connection: number): CaptureEvent[] {
  const { host, port, timing, atWall, client, serverAddress, secure, kind } = copy;
  const { serverConnected, serverTls } = timing;
  const at = atWall + Math.min(0, serverConnected ?? 0, serverTls ?? 0);
  const sinceOpened = (mark: number | null): number | null =>
    mark === null ? null : atWall + mark - at;
  const mode = kind === "tunnel" ? "tunnel" : secure ? "intercepted" : "plain";
  const server = serverAddress === null ? {} : { server: { address: serverAddress, port } };
  const times = {
    serverConnected: sinceOpened(serverConnected),
    serverTls: sinceOpened(serverTls),
    clientTls: null,
  };
  return [
    { kind: "connection-opened", connection, at, ...client },
    { kind: "connection-mode", connection, at, mode },
    {
      kind: "connection-facts",
      connection,
      at,
      facts: { host, port, reason: "imported", timing: times, ...server },
    },
  ];
}

function tunnelEvents(copy: ExchangeCopy, exchange: number, connection: number): CaptureEvent[] {
  const { host, port, atWall, timing, wire, outcome } = copy;
  const events: CaptureEvent[] = [
    { kind: "tunnel-opened", exchange, connection, host, port, at: atWall, imported: asSeen },
  ];
  const { responseEnd } = timing;
  if (outcome.kind === "responded" && responseEnd !== null) {
    const [toServer, toClient] = [Math.max(0, wire.request), Math.max(0, wire.response)];
    const at = atWall + responseEnd;
    events.push({ kind: "tunnel-ended", exchange, at, toServer, toClient });
  }
  return events;
}

const asSeen: ImportedMessage = { decoded: false, cut: false };

function requestEvents(copy: ExchangeCopy, exchange: number, connection: number): CaptureEvent[] {
  const { atWall, timing, secure, host, port } = copy;
  const request = copy.request ?? {
    ...emptyMessage,
    head: `${copy.method} ${copy.url} HTTP/1.1\r\n\r\n`,
  };
  const { requestEnd, requestSent } = timing;
  const events: CaptureEvent[] = [
    {
      kind: "request-head",
      exchange,
      connection,
      at: atWall,
      secure,
      host,
      port,
      bytes: headBytes(request.head),
      imported: { decoded: request.decoded, cut: request.cut },
    },
  ];
  const bodyAt = atWall + (requestEnd ?? 0);
  if (request.body !== null && request.body.length > 0)
    events.push({ kind: "request-body", exchange, at: bodyAt, bytes: request.body });
  const sent = requestSent !== null && requestSent === requestEnd;
  if (requestEnd !== null) {
    const bodyLength = copy.kind === "websocket" ? 0 : request.wireLength;
    const trailers = trailersOf(request);
    events.push({ kind: "request-end", exchange, at: bodyAt, bodyLength, trailers, sent });
  }
  if (requestSent !== null && !sent)
    events.push({ kind: "request-sent", exchange, at: atWall + requestSent });
  return events;
}

function responseEvents(copy: ExchangeCopy, exchange: number): CaptureEvent[] {
  const { atWall, timing, response } = copy;
  const firstAt = atWall + (timing.responseFirst ?? timing.requestSent ?? timing.requestEnd ?? 0);
  const events: CaptureEvent[] = copy.informational.map((head) => ({
    kind: "informational-head",
    exchange,
    at: firstAt,
    bytes: headBytes(head),
  }));
  if (response === null) return events;
  const { decoded, cut } = response;
  const bytes = headBytes(response.head);
  events.push({ kind: "response-head", exchange, at: firstAt, bytes, imported: { decoded, cut } });
  const endAt = timing.responseEnd === null ? null : Math.max(firstAt, atWall + timing.responseEnd);
  if (copy.kind === "websocket") {
    if (endAt !== null)
      events.push({ kind: "upgraded", exchange, at: endAt, protocol: "websocket" });
    return events;
  }
  if (response.body !== null && response.body.length > 0)
    events.push({ kind: "response-body", exchange, at: endAt ?? firstAt, bytes: response.body });
  if (endAt !== null) events.push(...endEvents(copy, exchange, response, endAt));
  return events;
}

function endEvents(
  copy: ExchangeCopy,
  exchange: number,
  response: CopiedMessage,
  at: number,
): CaptureEvent[] {
  const { delivered, responseEnd } = copy.timing;
  const isAtOnce = delivered !== null && delivered === responseEnd;
  const end: CaptureEvent = {
    kind: "response-end",
    exchange,
    at,
    bodyLength: response.wireLength,
    trailers: trailersOf(response),
    delivered: isAtOnce,
  };
  if (delivered === null || isAtOnce) return [end];
  return [end, { kind: "response-delivered", exchange, at: copy.atWall + delivered }];
}

const frameEvents = (copy: ExchangeCopy, exchange: number): CaptureEvent[] =>
  copy.frames.map(({ atWall, from, opcode, length, body, cut }) => ({
    kind: "frame",
    exchange,
    at: Math.max(copy.atWall, atWall),
    from,
    opcode,
    final: true,
    compressed: false,
    length,
    bytes: body ?? none,
    imported: { decoded: true, cut },
  }));

function failureEvents(
  { outcome, timing, atWall }: ExchangeCopy,
  exchange: number,
): CaptureEvent[] {
  if (outcome.kind !== "failed") return [];
  const { phase, cause, blame, alert, detail } = outcome;
  const last = timing.failed ?? timing.responseFirst ?? timing.requestSent ?? 0;
  return [
    { kind: "exchange-failed", exchange, at: atWall + last, phase, cause, blame, alert, detail },
  ];
}

const emptyMessage: CopiedMessage = {
  head: "",
  trailers: "",
  body: null,
  wireLength: 0,
  decoded: false,
  cut: false,
};

const trailersOf = ({ trailers }: CopiedMessage): Uint8Array | null =>
  trailers === "" ? null : headBytes(trailers);
