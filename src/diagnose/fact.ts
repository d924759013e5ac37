/** What the diagnosis is told: facts with wall times, in about the order they happened. Made from what the recorder saves, or read back from a capture. */
import type {
  ExchangeKind,
  ExchangeNote,
  ExchangeRole,
  ExchangeSummary,
  Outcome,
} from "../domain/exchange.ts";
import type { LogFact } from "../domain/log-fact.ts";
import type { StoredConnection, StoredExchange, StoredFrame } from "../domain/recording.ts";
import type { SessionSummary } from "../domain/timeline.ts";
import type { ProbeResult, VitalsSample } from "../domain/vitals.ts";

/** An exchange as far as it has come; told again whenever it has changed. */
export interface ExchangeFact {
  readonly id: string;
  readonly kind: ExchangeKind;
  readonly role: ExchangeRole;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Its connection, unique among captures. */
  readonly connection: string;
  /** Client address and program: one browser. */
  readonly client: string;
  readonly agent: string | null;
  readonly sid: string | null;
  readonly outcome: Outcome;
  /** Wall ms: first byte of the request; its last byte sent to the server; answered or failed. */
  readonly at: number;
  readonly sent: number | null;
  readonly end: number | null;
  /** First byte of the answer after the last of the request, ms. */
  readonly holdMs: number | null;
  /** The wait granted to its session, real ms. */
  readonly waitMs: number | null;
  readonly notes: readonly ExchangeNote[];
  readonly faults: readonly string[];
  readonly event: string | null;
}

/** One connection of a client to a host, as far as it has come. */
export interface ConnectionFact {
  readonly id: string;
  readonly at: number;
  readonly host: string;
  readonly port: number;
  readonly client: string;
  readonly serverConnected: boolean;
  readonly serverTls: boolean;
  readonly ended: boolean;
  /** How the client's leg ended, when its peer ended it. */
  readonly clientEnd: "fin" | "reset" | "tls-alert" | "timeout" | "failed" | null;
  readonly clientEndAt: number | null;
}

/** A WebSocket message; `event`: what it says in a few words. */
export interface FrameFact {
  readonly exchange: string;
  readonly at: number;
  readonly from: "client" | "server";
  readonly opcode: number;
  readonly event: string | null;
}

export type Fact =
  | { readonly kind: "exchange"; readonly exchange: ExchangeFact }
  | { readonly kind: "connection"; readonly connection: ConnectionFact }
  | { readonly kind: "frame"; readonly frame: FrameFact }
  | { readonly kind: "session"; readonly session: SessionSummary }
  | { readonly kind: "vitals"; readonly sample: VitalsSample }
  | { readonly kind: "probe"; readonly probe: ProbeResult }
  | { readonly kind: "log"; readonly log: LogFact }
  /** From here on nothing of this capture is seen any more: its silence says nothing. */
  | { readonly kind: "capture-ended"; readonly captureId: string };

const notificationPort = 7443;
const finessePorts = new Set([notificationPort, 8445]);

/** Whether a verdict could ever rest on it: asked of every exchange, so it must cost next to nothing. */
export const concerns = (exchange: Pick<StoredExchange, "role" | "port" | "agent">): boolean =>
  (exchange.role !== "other" && exchange.role !== "tunnel") ||
  finessePorts.has(exchange.port) ||
  exchange.agent !== null;

export function exchangeFact(exchange: StoredExchange, captureId: string): ExchangeFact {
  const { atWall, sentWall, client } = exchange;
  return {
    ...common(exchange),
    id: `${captureId}-${exchange.number}`,
    connection: `${captureId}-${exchange.connection}`,
    client: clientKey(captureId, client),
    at: atWall,
    sent: sentWall,
    end: endOf(exchange, atWall),
  };
}

/** The same, of a row read back. */
export function exchangeFactOfRow(row: ExchangeSummary): ExchangeFact {
  const at = Date.parse(row.at);
  const { client, timing } = row;
  return {
    ...common(row),
    id: row.id,
    connection: `${row.captureId}-${row.connection}`,
    client: clientKey(row.captureId, client),
    at,
    sent: timing.requestSent === null ? null : at + timing.requestSent,
    end: endOf(row, at),
  };
}

/** One PC's browser: each PC has a capture of its own. */
const clientKey = (
  captureId: string,
  { address, process }: { readonly address: string; readonly process: string | null },
): string => `${captureId} ${address} ${process ?? ""}`;

/** The system takes a second to tell whose a connection is: what comes on it before is its address's. */
export const withoutProcess = (client: string): string => {
  const [captureId = "", address = ""] = client.split(" ", 2);
  return `${captureId} ${address} `;
};

type Common = Omit<ExchangeFact, "id" | "connection" | "client" | "at" | "sent" | "end">;

function common(row: Common): Common {
  const {
    kind,
    role,
    host,
    port,
    path,
    agent,
    sid,
    outcome,
    holdMs,
    waitMs,
    notes,
    faults,
    event,
  } = row;
  return {
    kind,
    role,
    host,
    port,
    path,
    agent,
    sid,
    outcome,
    holdMs,
    waitMs,
    notes,
    faults,
    event,
  };
}

/** A WebSocket's answer is its beginning, not its end. */
function endOf(
  { kind, outcome, timing }: Pick<StoredExchange, "kind" | "outcome" | "timing">,
  at: number,
): number | null {
  if (kind === "websocket" && outcome.kind === "responded") return null;
  const end = timing.failed ?? timing.responseEnd;
  return end === null ? null : at + end;
}

/** null while its host is not known. */
export function connectionFact(
  connection: StoredConnection,
  captureId: string,
): ConnectionFact | null {
  const { host, port, client, timing, clientClose } = connection;
  if (host === null || port === null) return null;
  const byPeer = clientClose !== null && clientClose.by === "peer" ? clientClose : null;
  return {
    id: `${captureId}-${connection.id}`,
    at: Date.parse(connection.at),
    host,
    port,
    client: clientKey(captureId, client),
    serverConnected: timing.serverConnected !== null,
    serverTls: timing.serverTls !== null,
    ended: connection.endedAt !== null,
    clientEnd: byPeer === null ? null : byPeer.how,
    clientEndAt: byPeer === null ? null : Date.parse(byPeer.at),
  };
}

export const frameFact = (frame: StoredFrame, captureId: string): FrameFact => ({
  exchange: `${captureId}-${frame.exchange}`,
  at: frame.atWall,
  from: frame.from,
  opcode: frame.opcode,
  event: frame.event,
});
