/**
 * What the proxy saw, in the past tense: the only thing `intercept` may emit. Bytes are raw here (secrets included) and never
 * leave the process's memory in this shape: the recorder replaces secrets before anything is stored, logged or sent.
 */
import type { ConnectionErrorName, ConnectionMode, ConnectionRecord } from "./connection.ts";
import type { FailureCause, FailurePhase } from "./exchange.ts";
import type { MonotonicMs } from "./instant.ts";

export type Side = "client" | "server";

/** Fields of a connection record that become known one by one. */
export type ConnectionFacts = Partial<
  Pick<
    ConnectionRecord,
    | "host"
    | "port"
    | "reason"
    | "server"
    | "sni"
    | "alpnOffered"
    | "clientTls"
    | "serverTls"
    | "certificate"
    | "shownNames"
    | "timing"
    | "bytes"
    | "interference"
  >
>;

/** Said of a message that comes out of a file: how whoever saw the wire kept its body. Left out = seen by ourselves. */
export interface ImportedMessage {
  /** The body has its content coding undone already. */
  readonly decoded: boolean;
  readonly cut: boolean;
}

interface OfExchange {
  readonly exchange: number;
  readonly at: MonotonicMs;
}
interface OfConnection {
  readonly connection: number;
  readonly at: MonotonicMs;
}

export type CaptureEvent =
  | (OfConnection & {
      readonly kind: "connection-opened";
      readonly address: string;
      readonly port: number;
      /** The client's program, when a file says so. */
      readonly process?: string | null;
    })
  | (OfConnection & { readonly kind: "connection-facts"; readonly facts: ConnectionFacts })
  | (OfConnection & {
      readonly kind: "connection-mode";
      readonly mode: ConnectionMode;
    })
  | (OfConnection & {
      readonly kind: "connection-error";
      readonly name: ConnectionErrorName;
      readonly detail: string;
      readonly alert: number | null;
    })
  | (OfConnection & {
      readonly kind: "leg-closed";
      readonly side: Side;
      readonly by: "peer" | "boshscope";
      readonly how: "fin" | "reset" | "tls-alert" | "timeout" | "failed";
      readonly alert: number | null;
      readonly detail: string;
    })
  | (OfConnection & { readonly kind: "connection-ended" })
  /** A row "Tunnel to": a blind tunnel, or a CONNECT that came to nothing. */
  | (OfExchange & {
      readonly kind: "tunnel-opened";
      readonly connection: number;
      readonly host: string;
      readonly port: number;
      readonly imported?: ImportedMessage;
    })
  /** A blind tunnel ended well. */
  | (OfExchange & {
      readonly kind: "tunnel-ended";
      readonly toServer: number;
      readonly toClient: number;
    })
  /** `bytes`: the head as sent, through the empty line. `secure`: inside TLS. `host`/`port`: the connection's target. */
  | (OfExchange & {
      readonly kind: "request-head";
      readonly connection: number;
      readonly secure: boolean;
      readonly host: string;
      readonly port: number;
      readonly bytes: Uint8Array;
      readonly imported?: ImportedMessage;
    })
  | (OfExchange & { readonly kind: "request-body"; readonly bytes: Uint8Array })
  /** `bodyLength`: all entity bytes, also those past the limit that were not sent here. */
  | (OfExchange & {
      readonly kind: "request-end";
      readonly bodyLength: number;
      readonly trailers: Uint8Array | null;
      /** Handed to the kernel at once; else `request-sent` follows when that has happened. */
      readonly sent: boolean;
    })
  | (OfExchange & { readonly kind: "request-sent" })
  | (OfExchange & { readonly kind: "informational-head"; readonly bytes: Uint8Array })
  | (OfExchange & {
      readonly kind: "response-head";
      readonly bytes: Uint8Array;
      readonly imported?: ImportedMessage;
    })
  | (OfExchange & { readonly kind: "response-body"; readonly bytes: Uint8Array })
  | (OfExchange & {
      readonly kind: "response-end";
      readonly bodyLength: number;
      readonly trailers: Uint8Array | null;
      /** Handed to the kernel at once; else `response-delivered` follows. */
      readonly delivered: boolean;
    })
  | (OfExchange & { readonly kind: "response-delivered" })
  | (OfExchange & { readonly kind: "upgraded"; readonly protocol: string })
  | (OfExchange & {
      readonly kind: "frame";
      readonly from: Side;
      readonly opcode: number;
      readonly final: boolean;
      readonly compressed: boolean;
      readonly length: number;
      readonly bytes: Uint8Array;
      readonly imported?: ImportedMessage;
    })
  /** Said right after the head of a request that no client of ours made; of one that fails, before its failure. */
  | (OfExchange & {
      readonly kind: "exchange-noted";
      readonly note: "probe" | "replayed" | "answer-trickles" | "closed-in-order";
    })
  | (OfConnection & {
      readonly kind: "unparsed";
      readonly exchange: number | null;
      readonly from: Side;
      readonly reason: string;
    })
  /** A fault rule touches it. `what`: the kinds of what is done. Comes before the end of the message that is touched. */
  | (OfExchange & {
      readonly kind: "fault-applied";
      readonly connection: number;
      readonly rule: string;
      readonly what: string;
    })
  | (OfExchange & {
      readonly kind: "exchange-failed";
      readonly phase: FailurePhase;
      readonly cause: FailureCause;
      readonly blame: "client" | "server" | "network" | "boshscope" | "fault-rule";
      readonly alert: number | null;
      readonly detail: string;
    });

export type CaptureSink = (event: CaptureEvent) => void;
