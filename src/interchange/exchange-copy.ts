/** One exchange on its way into or out of a file, with all that is known of it. Every format is read into this shape and written from it. */
import type { LegClose } from "../domain/connection.ts";
import type { ExchangeKind, ExchangeNote, Outcome, Timing } from "../domain/exchange.ts";

export interface CopiedMessage {
  /** Through the empty line: latin1 characters, one a byte, and redaction's markers. */
  readonly head: string;
  /** Trailer lines, or "". */
  readonly trailers: string;
  readonly body: Uint8Array | null;
  /** Entity bytes on the wire. */
  readonly wireLength: number;
  /** The head names a content coding, and the body has it undone. */
  readonly decoded: boolean;
  readonly cut: boolean;
}

export interface CopiedFrame {
  readonly atWall: number;
  readonly from: "client" | "server";
  readonly opcode: number;
  readonly length: number;
  readonly body: Uint8Array | null;
  readonly cut: boolean;
}

/** What the capture made of it: written for people and scripts, worked out anew when read. */
export interface CopiedMeaning {
  readonly id: string;
  readonly agent: string | null;
  readonly sid: string | null;
  readonly rid: number | null;
  readonly event: string | null;
  readonly holdMs: number | null;
  readonly thinkGapMs: number | null;
  /** Ids of fault rules that touched it. */
  readonly faults: readonly string[];
}

/** What is known of the connection an exchange went over, beyond the exchange. Wall ms. */
export interface CopiedConnection {
  readonly openedAt: number;
  readonly endedAt: number | null;
  readonly closes: Readonly<Record<"client" | "server", CopiedClose | null>>;
}

export interface CopiedClose extends Omit<LegClose, "at"> {
  readonly at: number;
}

export interface ExchangeCopy {
  readonly number: number;
  /** Wall ms of the request's first byte. */
  readonly atWall: number;
  readonly kind: ExchangeKind;
  readonly method: string;
  /** Absolute; for tunnels `host:port`. */
  readonly url: string;
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly httpVersion: string;
  /** Exchanges of one connection share it. */
  readonly connection: string;
  /** null = nothing is known. */
  readonly link: CopiedConnection | null;
  readonly client: {
    readonly address: string;
    readonly port: number;
    readonly process: string | null;
  };
  readonly serverAddress: string | null;
  readonly request: CopiedMessage | null;
  readonly response: CopiedMessage | null;
  readonly informational: readonly string[];
  readonly outcome: Outcome;
  /** Body bytes on the wire; of tunnels all bytes. -1 = none seen. */
  readonly wire: { readonly request: number; readonly response: number };
  /** How long it had been open when it was last looked at, ms; null when it had ended. */
  readonly pendingMs: number | null;
  readonly timing: Timing;
  readonly frames: readonly CopiedFrame[];
  readonly comment: string | null;
  readonly mark: string | null;
  readonly notes: readonly ExchangeNote[];
  readonly meaning: CopiedMeaning | null;
}

/** About the file as a whole. */
export interface CopiedCapture {
  readonly name: string;
  /** Wall ms. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly secretsKept: boolean;
}

export const noTiming: Timing = {
  requestEnd: null,
  serverConnected: null,
  serverTls: null,
  requestSent: null,
  responseFirst: null,
  responseEnd: null,
  delivered: null,
  failed: null,
};
