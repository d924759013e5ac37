/** What became of logs that somebody loaded: what was read of each file, and how its clock was found. Types only. */
import type { LogSource } from "./log-fact.ts";

export interface LogFileReport {
  readonly file: string;
  /** Of most of its messages; null = no line of it is known. */
  readonly source: LogSource | null;
  readonly lines: number;
  readonly facts: number;
  /** Messages in a known form that say nothing we look for. */
  readonly other: number;
  /** Lines that continue the message above (stack traces, XML). */
  readonly continued: number;
  readonly unknown: number;
  /** The first of the unknown, secrets replaced. */
  readonly unknownKept: readonly { readonly line: number; readonly text: string }[];
  /** Lines longer than the bound; the rest of each was left out. */
  readonly cutLines: number;
}

export type AlignMethod =
  /** Its own stamps have a zone, and its clock is the reference, or its distance is known. */
  | "own-zone"
  /** The zone of Desktop-webservices, of a client log's server time, of SystemInfo. */
  | "webservices-zone"
  | "client-log-zone"
  | "systeminfo-zone"
  /** Happenings in both, which agree. */
  | "matched"
  /** The drift that the desktop measured. */
  | "drift"
  /** Nothing is known of that clock; taken as right. */
  | "assumed"
  /** Can't be placed. */
  | "none";

export interface Alignment {
  readonly file: string;
  readonly source: LogSource;
  /** Add it to a fact's `at`, or to `local` where `at` is null; null = can't be placed. */
  readonly offsetMs: number | null;
  readonly how: AlignMethod;
  /** The true moment is at most this far away; null = not known. */
  readonly uncertaintyMs: number | null;
  /** Happenings that agree, for "matched"; measurements, for "drift"; else 0. */
  readonly matches: number;
}

/** Of one upload. */
export interface LogsLoaded {
  readonly files: readonly LogFileReport[];
  /** Files that were not read, and why. */
  readonly skipped: readonly { readonly file: string; readonly why: string }[];
  /** Facts beyond the bound: counted, not kept. */
  readonly leftOut: number;
  readonly alignments: readonly Alignment[];
  readonly facts: number;
}
