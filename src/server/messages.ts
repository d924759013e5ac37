/** What goes over the wire between server and page. Types only: the page imports them and nothing else from here. */
import type { ExchangeSummary } from "../domain/exchange.ts";
import type { RecorderStatus } from "../domain/recording.ts";

/** GET /api/health. */
export interface Health {
  readonly status: "ok" | "degraded";
  readonly version: string;
  readonly captureId: string;
  readonly uptimeMs: number;
  readonly exchanges: number;
  readonly pending: number;
  readonly openConnections: number;
  readonly loopLagMs: { readonly p50: number; readonly p99: number };
  readonly store: { readonly bytes: number; readonly state: "ok" | "failing" | "paused" };
  readonly notKept: number;
  readonly connectionErrors: Readonly<Record<string, number>>;
}

export interface ApiError {
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string };
}

/** GET /api/exchanges. */
export interface ExchangeList {
  readonly exchanges: readonly ExchangeSummary[];
  readonly next: number;
  readonly more: boolean;
}

/** GET /api/config: what the page needs to explain itself. */
export interface PageConfig {
  readonly version: string;
  readonly proxy: { readonly host: string; readonly port: number };
  readonly page: { readonly host: string; readonly port: number };
  readonly caFingerprint256: string;
  readonly caSubject: string;
  readonly platform: string;
  readonly bodyLimit: number;
  readonly finesse: readonly string[];
  readonly decryptPorts: readonly number[];
  readonly serverCerts: "pin" | "strict" | "off";
  readonly options: readonly {
    readonly name: string;
    readonly value: string;
    readonly origin: string;
  }[];
}

/** WS /api/feed?since=SEQ&q=QUERY. First `hello`, then the rest in any order. */
export type FeedMessage =
  | {
      readonly kind: "hello";
      readonly captureId: string;
      readonly seq: number;
      readonly now: string;
      readonly status: RecorderStatus;
    }
  /** Rows new or changed since the last message, in seq order; `gone` no longer match the filter or were deleted. */
  | {
      readonly kind: "rows";
      readonly seq: number;
      readonly rows: readonly ExchangeSummary[];
      readonly gone: readonly string[];
    }
  | {
      readonly kind: "status";
      readonly now: string;
      readonly status: RecorderStatus;
      readonly loopLagMs: { readonly p50: number; readonly p99: number };
    }
  /** Forget everything and load again: you were too slow, the capture changed, or it was cleared. */
  | { readonly kind: "resync"; readonly reason: "slow" | "capture" | "cleared" | "gone" }
  | { readonly kind: "query-error"; readonly message: string; readonly remedy: string };

/** What the page may send on the feed. */
export type FeedRequest = { readonly kind: "filter"; readonly q: string; readonly since: number };
