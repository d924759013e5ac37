/** A row of the table: what load it puts on a candidate, and which figures come out. */
import type { Running } from "../candidates/candidate.ts";
import type { LoadGenerator } from "../load-generator.ts";
import type { BenchOptions, RowId } from "../options.ts";

export type Figures = Readonly<Record<string, number>>;

export interface RowRun {
  readonly running: Running;
  readonly generator: LoadGenerator;
  readonly options: BenchOptions;
  /** Figures of "no proxy" in the same row and round, once they are known. */
  readonly direct: Figures | null;
}

/** What one candidate did in one round of a row. */
export interface Outcome {
  readonly figures: Figures;
  /** Exchanges answered since the candidate's start, warm-up included. */
  readonly served: number;
  /** Why the figures don't count, or null. */
  readonly void: string | null;
}

export interface FigureColumn {
  readonly key: string;
  readonly heading: string;
  readonly better: "more" | "less";
}

export interface Row {
  readonly id: RowId;
  readonly title: string;
  readonly columns: readonly FigureColumn[];
  run(run: RowRun): Promise<Outcome>;
}
