/** What the reading thread is asked, and how answers and failures travel back. */
import type { ConnectionRecord } from "../domain/connection.ts";
import type { ExchangeDetail } from "../domain/exchange.ts";
import type { Finding } from "../domain/finding.ts";
import type {
  CaptureInfo,
  CaptureReader,
  ExchangePage,
  ExchangeQuery,
  LanePage,
  LaneQuery,
  ObservationPage,
  ObservationQuery,
} from "../domain/recording.ts";
import type { MessageSide } from "./message-row.ts";

export interface StoredBody {
  readonly bytes: Uint8Array;
  readonly contentType: string | null;
}

export interface Changes {
  readonly rows: string;
  readonly gone: readonly string[];
}

export type VitalsQuery = Parameters<CaptureReader["vitals"]>[0];
export type VitalsPage = Awaited<ReturnType<CaptureReader["vitals"]>>;

/** The reader's contract, with the current capture said each time: only the main thread knows it. */
export interface ReaderCalls {
  exchanges(captureId: string, query: ExchangeQuery): Promise<ExchangePage>;
  changes(
    captureId: string,
    query: { readonly since: number; readonly upTo: number; readonly query: string },
  ): Promise<Changes>;
  lanes(captureId: string, query: LaneQuery): Promise<LanePage>;
  exchange(id: string): Promise<ExchangeDetail | null>;
  body(id: string, side: MessageSide): Promise<StoredBody | null>;
  frames(
    id: string,
    from: number,
    limit: number,
    whole?: boolean,
  ): Promise<ExchangeDetail["frames"]>;
  connections(
    captureId: string,
    options: { readonly since?: number; readonly limit: number },
  ): Promise<readonly ConnectionRecord[]>;
  connection(captureId: string, id: number): Promise<ConnectionRecord | null>;
  storedFindings(captureId: string): Promise<readonly Finding[]>;
  captures(): Promise<readonly CaptureInfo[]>;
  vitals(captureId: string, query: VitalsQuery): Promise<VitalsPage>;
  observations(captureId: string, query: ObservationQuery): Promise<ObservationPage>;
  totals(captureId: string): Promise<{
    readonly exchanges: number;
    readonly pending: number;
    readonly bytes: number;
  }>;
}

export interface CallMessage {
  readonly call: number;
  readonly method: keyof ReaderCalls;
  readonly parameters: readonly unknown[];
}

export type AnswerMessage =
  | { readonly call: number; readonly answer: unknown }
  | { readonly call: number; readonly failure: Failure };

/** A BoshscopeError without its class, which no message can carry. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}
