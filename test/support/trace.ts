/** What one end of a connection saw, in order: bytes and how the other end left. Chunk boundaries and times are kept out of it. */
import { createHash, type Hash } from "node:crypto";

/** `fin`: end of stream. `reset`: RST. Anything else is the system's or OpenSSL's error code. */
export type CloseKind = "fin" | "reset" | (string & {});

export type TraceEntry =
  | {
      readonly kind: "bytes";
      readonly length: number;
      readonly sha256: string;
      /** The first bytes as latin1 text, for people. */
      readonly start: string;
    }
  | { readonly kind: "close"; readonly how: CloseKind }
  /** Something the script measured, such as an abort that came late. */
  | { readonly kind: "mark"; readonly name: string };

const shownBytes = 2000;

interface OpenRun {
  readonly hash: Hash;
  length: number;
  start: string;
}

export class Trace {
  readonly #entries: TraceEntry[] = [];
  /** Times in ms since the trace began, one for each entry; shown, never compared. */
  readonly at: number[] = [];
  readonly #began = performance.now();
  #run: OpenRun | null = null;

  bytes(chunk: Buffer): void {
    this.#run ??= { hash: createHash("sha256"), length: 0, start: "" };
    const missing = shownBytes - this.#run.start.length;
    if (missing > 0) this.#run.start += chunk.toString("latin1", 0, missing);
    this.#run.hash.update(chunk);
    this.#run.length += chunk.length;
  }

  close(how: CloseKind): void {
    this.#add({ kind: "close", how });
  }

  mark(name: string): void {
    this.#add({ kind: "mark", name });
  }

  #add(entry: TraceEntry): void {
    this.#endRun();
    this.#entries.push(entry);
    this.at.push(performance.now() - this.#began);
  }

  #endRun(): void {
    const run = this.#run;
    if (run === null) return;
    this.#run = null;
    const { length, start } = run;
    this.#entries.push({ kind: "bytes", length, sha256: run.hash.digest("hex"), start });
    this.at.push(performance.now() - this.#began);
  }

  /** What came so far; bytes that arrive later begin a new entry. */
  entries(): readonly TraceEntry[] {
    this.#endRun();
    return [...this.#entries];
  }
}

const inWords = (entry: TraceEntry | undefined): string => {
  if (entry === undefined) return "nothing";
  if (entry.kind === "close") return `close by ${entry.how}`;
  if (entry.kind === "mark") return `mark ${entry.name}`;
  return `${entry.length} bytes ${entry.sha256.slice(0, 8)} ${JSON.stringify(entry.start.slice(0, 300))}`;
};

/** One line for each place where two traces part; empty = the same. */
export function differences(
  where: string,
  expected: readonly TraceEntry[],
  actual: readonly TraceEntry[],
): string[] {
  const found: string[] = [];
  for (let index = 0; index < Math.max(expected.length, actual.length); index++) {
    const [want, got] = [inWords(expected[index]), inWords(actual[index])];
    const same = want === got && JSON.stringify(expected[index]) === JSON.stringify(actual[index]);
    if (!same) found.push(`${where}[${index}]: direct saw ${want}; proxied saw ${got}`);
  }
  return found;
}
