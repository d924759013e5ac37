/** A client's connection and the one server connection that belongs to it. */
import type { FailureCause, FailurePhase } from "./exchange.ts";

export type ConnectionMode =
  | "undecided"
  | "intercepted" // TLS ended on both legs, exchanges captured
  | "plain" // HTTP without TLS, captured
  | "tunnel" // bytes counted only
  | "refused"; // by us; see `errors`

/** Named connection errors, counted in /api/health. */
export type ConnectionErrorName =
  | "malformed-connect"
  | "malformed-request"
  | "own-address"
  | "head-too-large"
  | "not-tls"
  | "tls-client-alert"
  | "tls-client-closed"
  | "tls-client-failed"
  | "tls-server-failed"
  | "server-refused"
  | "server-timeout"
  | "server-unreachable"
  | "server-reset"
  | "dns-failed"
  | "certificate-changed"
  | "certificate-invalid"
  | "upstream-proxy-refused"
  | "client-gone";

export interface ConnectionError {
  readonly name: ConnectionErrorName;
  readonly at: string;
  readonly detail: string;
  /** TLS alert number, when the peer sent one. */
  readonly alert: number | null;
}

export interface ServerCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly altNames: readonly string[];
  readonly validFrom: string;
  readonly validTo: string;
  readonly fingerprint256: string;
  readonly selfSigned: boolean;
  /** OpenSSL's word for why a browser would not trust it, or null. */
  readonly problem: string | null;
  readonly pin: "first-seen" | "same" | "changed" | "off";
}

export interface TlsLeg {
  readonly version: string;
  readonly cipher: string;
  readonly alpn: string | null;
  readonly resumed: boolean;
}

export interface LegClose {
  readonly at: string;
  /** Who ended it: the peer of that leg, or we (because the other leg ended, or a rule said so). */
  readonly by: "peer" | "boshscope";
  readonly how: "fin" | "reset" | "tls-alert" | "timeout" | "failed";
  readonly alert: number | null;
  readonly detail: string;
}

export interface ConnectionRecord {
  readonly id: number;
  readonly captureId: string;
  readonly seq: number;
  readonly at: string;
  readonly endedAt: string | null;
  readonly mode: ConnectionMode;
  /** Why this mode: scope rule in words. */
  readonly reason: string;
  readonly host: string | null;
  readonly port: number | null;
  readonly client: {
    readonly address: string;
    readonly port: number;
    readonly process: string | null;
    readonly pid: number | null;
  };
  readonly server: { readonly address: string; readonly port: number } | null;
  readonly sni: string | null;
  readonly alpnOffered: readonly string[];
  readonly clientTls: TlsLeg | null;
  readonly serverTls: TlsLeg | null;
  readonly certificate: ServerCertificate | null;
  /** Names in the leaf certificate we showed. */
  readonly shownNames: readonly string[];
  /** ms after `at`. */
  readonly timing: {
    readonly serverConnected: number | null;
    readonly serverTls: number | null;
    readonly clientTls: number | null;
  };
  /** After TLS for intercepted, raw for tunnels. */
  readonly bytes: { readonly toServer: number; readonly toClient: number };
  readonly exchanges: number;
  readonly clientClose: LegClose | null;
  readonly serverClose: LegClose | null;
  /** Which leg's peer ended it first. */
  readonly firstToEnd: "client" | "server" | null;
  readonly failure: { readonly phase: FailurePhase; readonly cause: FailureCause } | null;
  readonly errors: readonly ConnectionError[];
  /** What a proxy can't avoid or did on purpose on this connection, worded in the page. */
  readonly interference: readonly (
    | "connect"
    | "second-tls"
    | "http2-not-offered"
    | "request-line-rewritten"
    | "legacy-tls"
    | "upstream-proxy"
    | "fault-rule"
  )[];
}
