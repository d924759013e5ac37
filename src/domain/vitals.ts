/** How this PC and this program were while traffic passed: what may speak against blaming anybody else. Types only. */

/** One second. */
export interface VitalsSample {
  /** Wall ms at its end. */
  readonly at: number;
  /** Monotonic ms at its end. */
  readonly mono: number;
  /** Longest delay of the relay's event loop in it, ms. */
  readonly loopLagMs: number;
  /** Wall clock's advance minus the monotonic clock's, ms: the clock was set, or the PC slept. */
  readonly wallJumpMs: number;
  /** Time since the sample before beyond the second it should be, ms: large = this process did not run (sleep, starvation). */
  readonly lateMs: number;
  /** Of that time, what this process stood ready to run and was given no processor, ms; absent = not known (only Linux tells). */
  readonly queuedMs?: number;
  /** 0 to 1, of all cores; null = not known. */
  readonly systemCpu: number | null;
  /** 0 to 1 of one core, this process. */
  readonly ownCpu: number | null;
  readonly freeMemory: number;
  readonly totalMemory: number;
  readonly ownMemory: number;
  /** The client programs' processes taken together; null = none known, or not readable on this system. */
  readonly browser: BrowserVitals | null;
  /** A network interface came, went or changed its address since the sample before: what changed in words, else null. */
  readonly network: string | null;
}

export interface BrowserVitals {
  readonly pids: number;
  /** 0 to 1 of one core, summed. */
  readonly cpu: number;
  readonly memory: number;
  /** Processes that are stopped (SIGSTOP, suspended). */
  readonly stopped: number;
}

/** One active probe, made only on an incident. Its HTTP part is an exchange of the capture with the note "probe". */
export interface ProbeResult {
  /** Wall ms of its end. */
  readonly at: number;
  readonly host: string;
  readonly port: number;
  readonly step: "dns" | "tcp" | "tls" | "http-bind" | "systeminfo";
  readonly ok: boolean;
  readonly ms: number;
  /** HTTP status, or null. */
  readonly status: number | null;
  /** The system's error code, or null. */
  readonly error: string | null;
  /** IN_SERVICE, OUT_OF_SERVICE; null = not told. */
  readonly serverStatus: string | null;
  /** Id of the exchange its HTTP part left in the capture, or null. */
  readonly exchange: string | null;
}

/** What one step of a request of our own came to. */
export interface OwnStep {
  readonly step: "dns" | "tcp" | "tls" | "http";
  readonly ok: boolean;
  readonly ms: number;
  /** HTTP status, or null. */
  readonly status: number | null;
  /** The system's error code, `TIMEOUT` when we gave up; null = none. */
  readonly error: string | null;
  /** Number of the exchange it left in the capture. */
  readonly exchange: number;
  /** Start of the answer's body, as text. */
  readonly body: string;
}

/** A GET of our own. */
export interface OwnGet {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  /** Given up when a step takes longer. */
  readonly stepMs: number;
  /** Each step as it ends, in order; those after one that failed are not made. */
  readonly onStep: (step: OwnStep) => void;
}
