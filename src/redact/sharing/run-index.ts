/**
 * Finds those runs of letters and digits of a text that something is filed under, in any case. A hash of each run is looked up in a bit set;
 * cut out are only those that it does not rule out, as texts have thousands of runs and hardly one of them is known.
 */

export interface RunHit<Value> {
  readonly start: number;
  readonly end: number;
  readonly values: readonly Value[];
}

/** The first run of a text, or undefined. */
export const firstRun = (text: string): string | undefined => /[\p{L}\p{N}]+/u.exec(text)?.[0];

const runHere = /[\p{L}\p{N}]+/uy;
const filterMask = 0xffff;
const lastAscii = 0x7f;

/** By ASCII code: of letters and digits their own in lower case, else 0. */
const lowerOf = Uint8Array.from({ length: lastAscii + 1 }, (_, code) => {
  const char = String.fromCharCode(code);
  return /[A-Za-z0-9]/.test(char) ? char.toLowerCase().charCodeAt(0) : 0;
});

export class RunIndex<Value> {
  readonly #values = new Map<string, Value[]>();
  readonly #filter = new Uint32Array((filterMask + 1) / 32);

  /** All that is filed under the run (in lower case), to be changed in place. */
  at(run: string): Value[] {
    const known = this.#values.get(run);
    if (known !== undefined) return known;
    const made: Value[] = [];
    this.#values.set(run, made);
    let hash = 0;
    for (let at = 0; at < run.length; at++) hash = mixed(hash, run.charCodeAt(at));
    this.#filter[(hash & filterMask) >>> 5] = this.#bits(hash) | (1 << (hash & 31));
    return made;
  }

  search(text: string): readonly RunHit<Value>[] {
    const hits: RunHit<Value>[] = [];
    for (let start = 0; start < text.length; ) {
      let hash = 0;
      let end = start;
      let lower = 0;
      while ((lower = lowerOf[text.charCodeAt(end)] ?? 0) !== 0) {
        hash = mixed(hash, lower);
        end++;
      }
      const isAscii = end === text.length || text.charCodeAt(end) <= lastAscii;
      if (!isAscii) end = endOfRun(text, start);
      if (end > start && (!isAscii || (this.#bits(hash) & (1 << (hash & 31))) !== 0))
        this.#look(text, start, end, hits);
      // Whatever ended the run is no part of the next.
      start = end + ((text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1);
    }
    return hits;
  }

  #look(text: string, start: number, end: number, hits: RunHit<Value>[]): void {
    const values = this.#values.get(text.slice(start, end).toLowerCase());
    if (values !== undefined) hits.push({ start, end, values });
  }

  #bits(hash: number): number {
    return this.#filter[(hash & filterMask) >>> 5] ?? 0;
  }
}

const mixed = (hash: number, code: number): number => (Math.imul(hash, 31) + code) | 0;

function endOfRun(text: string, start: number): number {
  runHere.lastIndex = start;
  return runHere.test(text) ? runHere.lastIndex : start;
}
