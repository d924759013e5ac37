/** What differs between two exchanges, or two captures. Types only. */

/** null = that side has none. */
export interface Pair {
  readonly name: string;
  readonly left: string | null;
  readonly right: string | null;
}

/** Facts and timing by their field names, headers by theirs, XML by the paths of its values (`body/@rid`). All pairs, also equal ones; of XML those that differ. */
export interface ExchangeComparison {
  readonly left: string;
  readonly right: string;
  readonly facts: readonly Pair[];
  /** ms after the request's first byte. */
  readonly timing: readonly Pair[];
  readonly requestHeaders: readonly Pair[];
  readonly responseHeaders: readonly Pair[];
  readonly requestXml: readonly Pair[];
  readonly responseXml: readonly Pair[];
}

/** One side of a comparison of captures. */
export interface ComparedCapture {
  readonly capture: string;
  readonly name: string;
  /** Of its exchanges, those that match this filter. */
  readonly query: string;
  readonly exchanges: number;
  /** More matched than were read. */
  readonly isCut: boolean;
  /** ISO times of the first and the last. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Cadence, latency and continuity in figures; null = nothing to measure. */
export interface CaptureFigures {
  readonly polls: number;
  readonly sessions: number;
  readonly spanMs: number | null;
  readonly cadenceMs: number | null;
  readonly holdMedianMs: number | null;
  readonly holdP95Ms: number | null;
  readonly holdMaxMs: number | null;
  readonly gapMedianMs: number | null;
  readonly gapP95Ms: number | null;
  readonly gapMaxMs: number | null;
  readonly longGaps: number;
  /** Held longer than granted. */
  readonly overdue: number;
  /** Given back empty before the time, and nobody asked. */
  readonly earlyEmpties: number;
  readonly empties: number;
  readonly failures: number;
  readonly retransmissions: number;
  /** rids between the lowest and highest of a session that were not seen. */
  readonly ridsMissing: number;
  readonly ridsOutOfWindow: number;
  readonly terminates: number;
  readonly beats: number;
  readonly beatCadenceMs: number | null;
  readonly beatLatencyMedianMs: number | null;
  readonly beatLatencyMaxMs: number | null;
  readonly restRequests: number;
  readonly restFailures: number;
  readonly restLatencyMedianMs: number | null;
  readonly restLatencyP95Ms: number | null;
  readonly restLatencyMaxMs: number | null;
}

export interface Figure {
  readonly name: keyof CaptureFigures;
  readonly left: number | null;
  readonly right: number | null;
  /** The side that stands out for the worse. */
  readonly sick: "left" | "right" | null;
}

/** What is answered to one kind of request on both sides, by the first answered one of each. */
export interface KindComparison {
  readonly kind: "session-creation" | "poll" | "systeminfo" | "rest";
  readonly left: string;
  readonly right: string;
  readonly requestHeaders: readonly Pair[];
  readonly responseHeaders: readonly Pair[];
  readonly responseXml: readonly Pair[];
}

export interface CaptureComparison {
  readonly left: ComparedCapture;
  readonly right: ComparedCapture;
  readonly figures: readonly Figure[];
  /** Outcomes that were seen, `200`, `404`, `reset`, and how often. */
  readonly outcomes: readonly {
    readonly name: string;
    readonly left: number;
    readonly right: number;
  }[];
  /** Those that differ. */
  readonly kinds: readonly KindComparison[];
}

export interface CaptureSide {
  /** A capture's id. */
  readonly capture: string;
  /** The filter language; "" = all of it. */
  readonly query: string;
}

export interface ComparisonDesk {
  /** By id, of any capture. Throws "not-found". */
  exchanges(left: string, right: string): Promise<ExchangeComparison>;
  /** Throws "not-found", "query-invalid". */
  captures(left: CaptureSide, right: CaptureSide): Promise<CaptureComparison>;
}
