/** Runs rows: within each round every candidate in turn, each on a fresh process, and checks that what was served was stored. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Candidate, Running } from "./candidates/candidate.ts";
import { checkInterception } from "./interception.ts";
import type { LoadGenerator } from "./load-generator.ts";
import type { BenchOptions, RowId } from "./options.ts";
import type { Figures, Outcome, Row } from "./rows/row.ts";

const STORED_WITHIN_MS = 5_000;

/** Everything measured: by row, candidate and round. */
export class Results {
  readonly #outcomes = new Map<string, Outcome[]>();

  add(row: RowId, candidate: string, outcome: Outcome): void {
    const key = `${row}/${candidate}`;
    this.#outcomes.set(key, [...(this.#outcomes.get(key) ?? []), outcome]);
  }

  all(row: RowId, candidate: string): readonly Outcome[] {
    return this.#outcomes.get(`${row}/${candidate}`) ?? [];
  }

  /** The figure's values in the rounds that were not void. */
  values(row: RowId, candidate: string, key: string): readonly number[] {
    return this.all(row, candidate)
      .filter((outcome) => outcome.void === null)
      .map((outcome) => outcome.figures[key] ?? Number.NaN)
      .filter((value) => Number.isFinite(value));
  }

  /** Candidate by base in each round where both stand. */
  ratios(row: RowId, candidate: string, base: string, key: string): readonly number[] {
    const bases = this.all(row, base);
    return this.all(row, candidate).flatMap((outcome, round) => {
      const under = bases[round];
      if (outcome.void !== null || under === undefined || under.void !== null) return [];
      const ratio = (outcome.figures[key] ?? Number.NaN) / (under.figures[key] ?? Number.NaN);
      return Number.isFinite(ratio) ? [ratio] : [];
    });
  }
}

/** Null when the store holds exactly what was served within 5 s, else the difference in words. */
async function storeDifference(running: Running, served: number): Promise<string | null> {
  if (running.stored === undefined) return null;
  const deadline = Date.now() + STORED_WITHIN_MS;
  for (;;) {
    const { exchanges, pending } = await running.stored();
    if (exchanges === served && pending === 0) return null;
    if (Date.now() > deadline) {
      return `${served} served, ${exchanges} stored (${pending} of them pending) after 5 s`;
    }
    await pause(50);
  }
}

export interface Session {
  readonly folder: string;
  readonly generator: LoadGenerator;
  readonly options: BenchOptions;
  readonly results: Results;
  log(line: string): void;
}

async function measureOne(
  session: Session,
  row: Row,
  candidate: Candidate,
  direct: Figures | null,
): Promise<Outcome> {
  const folder = join(session.folder, `${row.id}-${candidate.id}`);
  mkdirSync(folder, { recursive: true });
  let running: Running | undefined;
  try {
    running = await candidate.start(folder);
    const checked = await checkInterception(running.port);
    const { generator, options } = session;
    const outcome = await row.run({ running, generator, options, direct });
    const difference = await storeDifference(running, checked + outcome.served);
    return { ...outcome, void: outcome.void ?? difference };
  } catch (error) {
    return { figures: {}, served: 0, void: error instanceof Error ? error.message : String(error) };
  } finally {
    await running?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Measures one row in all rounds. "direct" should come first: added latency is told against it. */
export async function measureRow(
  session: Session,
  row: Row,
  candidates: readonly Candidate[],
): Promise<void> {
  const rounds = row.id === "hold" ? Math.min(2, session.options.rounds) : session.options.rounds;
  for (let round = 1; round <= rounds; round += 1) {
    let direct: Figures | null = null;
    for (const candidate of candidates) {
      const outcome = await measureOne(session, row, candidate, direct);
      if (candidate.id === "direct") direct = outcome.figures;
      session.results.add(row.id, candidate.id, outcome);
      const told = Object.entries(outcome.figures).map(
        ([key, value]) => `${key} ${value.toFixed(3)}`,
      );
      const fate = outcome.void === null ? "" : ` VOID: ${outcome.void}`;
      session.log(`${row.id} ${round}/${rounds} ${candidate.id}: ${told.join(", ")}${fate}`);
    }
  }
}
