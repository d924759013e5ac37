/** The diagnosis in the recorder's thread: fed with what was committed, asked as time passes. */
import type { Clock } from "./base/clock.ts";
import { Diagnosis, type ProbeWish } from "./diagnose/diagnosis.ts";
import { concerns, connectionFact, exchangeFact, type Fact, frameFact } from "./diagnose/fact.ts";
import type { Finding } from "./domain/finding.ts";
import type { LogFact } from "./domain/log-fact.ts";
import type { CommitBatch, StoredObservation } from "./domain/recording.ts";
import { onSteadyTime, onWallTime } from "./steady-facts.ts";
import { SteadyTime } from "./steady-time.ts";

export interface LiveDiagnosisOptions {
  readonly writer: { readonly captureId: string };
  readonly clock: Clock;
  readonly timeScale: number;
}

/** Rows reach the diagnosis this long after they happened, at least: time must not be said to have passed before them. */
const slackMs = 150;
/** This thread did not run for so long: what happened meanwhile waits to be read, behind the timer that ticks. */
const stallMs = 1000;

export class LiveDiagnosis {
  readonly #options: LiveDiagnosisOptions;
  #diagnosis: Diagnosis;
  #time: SteadyTime;
  /** How far this thread is behind the relay, by the latest events read. */
  #behindMs = 0;
  #tickedAt: number;

  constructor(options: LiveDiagnosisOptions) {
    this.#options = options;
    this.#diagnosis = new Diagnosis(options);
    this.#time = new SteadyTime(options.clock);
    this.#tickedAt = options.clock.mono();
  }

  /** An event of that moment (monotonic) was read just now. */
  heard(at: number): void {
    this.#behindMs = Math.max(this.#behindMs, this.#options.clock.mono() - at);
  }

  saved({ exchanges, connections, frames }: CommitBatch): void {
    const { captureId } = this.#options.writer;
    this.#time.now();
    for (const one of connections) {
      const connection = connectionFact(one, captureId);
      if (connection !== null) this.#tell({ kind: "connection", connection });
    }
    // A row says that its WebSocket is over; its last message says when.
    for (const frame of frames) this.#tell({ kind: "frame", frame: frameFact(frame, captureId) });
    for (const exchange of exchanges) {
      if (!concerns(exchange)) continue;
      this.#tell({ kind: "exchange", exchange: exchangeFact(exchange, captureId) });
    }
  }

  observe(fact: Fact): void {
    this.#time.now();
    this.#tell(fact);
  }

  #tell(fact: Fact): void {
    this.#diagnosis.observe(onSteadyTime(fact, this.#time));
  }

  /** Lines of logs that somebody brought. */
  observed(observations: readonly StoredObservation[]): void {
    for (const { kind, data } of observations) {
      if (kind === "log") this.observe({ kind: "log", log: JSON.parse(data) as LogFact });
    }
  }

  /** Lets time pass; returns findings that are new or revised, and probes that would help. */
  tick(): { readonly findings: readonly Finding[]; readonly probes: readonly ProbeWish[] } {
    const mono = this.#options.clock.mono();
    const sinceTick = mono - this.#tickedAt;
    this.#tickedAt = mono;
    const behindMs = Math.max(this.#behindMs, sinceTick > stallMs ? sinceTick : 0);
    this.#behindMs = 0;
    this.#diagnosis.tick(this.#time.now() - slackMs - behindMs);
    return {
      findings: this.#diagnosis.takeChanges().map((one) => onWallTime(one, this.#time)),
      probes: this.#diagnosis.takeProbeWishes(),
    };
  }

  /** Findings of the capture before stay with it. */
  startCapture(): void {
    this.#diagnosis = new Diagnosis(this.#options);
    this.#time = new SteadyTime(this.#options.clock);
  }
}
