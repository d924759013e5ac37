/**
 * Reads fields of unknown JSON and says of each wrong one where it is, what it is, and what it must be. All problems are collected, none thrown.
 * Each is `place: sentence`, the place as the API's other refusals write it (`actions.0.ms`), without a semicolon, which parts them.
 */

export interface NumberRange {
  readonly min: number;
  readonly max: number;
  /** What is counted: "ms", "bytes". */
  readonly unit?: string;
  readonly whole?: boolean;
}

export class Fields {
  readonly path: string;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #problems: string[];
  readonly #known = new Set<string>();

  constructor(value: unknown, path: string, problems: string[]) {
    this.path = path;
    this.#problems = problems;
    this.#values = isObject(value) ? value : {};
    if (!isObject(value)) this.refuse("", value, "an object");
  }

  has(name: string): boolean {
    this.#known.add(name);
    return this.#values[name] !== undefined;
  }

  /** `expected` ends the sentence "must be …". */
  refuse(name: string, value: unknown, expected: string): void {
    const place = this.#place(name);
    const is = value === undefined ? "is missing" : `is ${shown(value)}`;
    this.#problems.push(`${place}: ${is}, must be ${expected}`);
  }

  /** A problem in words of its own. */
  problem(name: string, sentence: string): void {
    this.#problems.push(`${this.#place(name)}: ${sentence}`);
  }

  text(name: string, { max = 1000, min = 1 } = {}): string {
    const value = this.#take(name);
    if (typeof value === "string" && value.length >= min && value.length <= max) return value;
    this.refuse(name, value, `text of ${min} to ${max} characters`);
    return "";
  }

  textOrNull(name: string, size: { max?: number; min?: number }): string | null {
    return this.#take(name) === null ? null : this.text(name, size);
  }

  number(name: string, range: NumberRange): number {
    const { min, max, unit, whole = true } = range;
    const value = this.#take(name);
    const fits = typeof value === "number" && value >= min && value <= max;
    if (fits && (!whole || Number.isInteger(value))) return value;
    const what = `${whole ? "a whole number" : "a number"}${unit === undefined ? "" : ` of ${unit}`}`;
    this.refuse(name, value, `${what} from ${min} to ${max}`);
    return min;
  }

  numberOrNull(name: string, range: NumberRange): number | null {
    return this.#take(name) === null ? null : this.number(name, range);
  }

  choice<T extends string>(name: string, choices: readonly T[]): T {
    const value = this.#take(name);
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    const quoted = choices.map((choice) => `"${choice}"`);
    this.refuse(name, value, quoted.length === 1 ? `${quoted[0]}` : `one of ${quoted.join(", ")}`);
    return choices[0] as T;
  }

  flag(name: string): boolean {
    const value = this.#take(name);
    if (typeof value === "boolean") return value;
    this.refuse(name, value, "true or false");
    return false;
  }

  object(name: string): Fields {
    return new Fields(this.#take(name), this.#place(name), this.#problems);
  }

  list<T>(name: string, read: (item: Fields) => T, { min = 0, max = 50 } = {}): T[] {
    const value = this.#take(name);
    if (!Array.isArray(value) || value.length < min || value.length > max) {
      this.refuse(name, value, `a list of ${min} to ${max}`);
      return [];
    }
    return value.map((item: unknown, index) =>
      read(new Fields(item, `${this.#place(name)}.${index}`, this.#problems)),
    );
  }

  texts(name: string, max = 1000): string[] {
    const value = this.#take(name);
    const isList = Array.isArray(value) && value.length <= 50;
    if (isList && value.every((one) => typeof one === "string" && one.length <= max))
      return value as string[];
    this.refuse(name, value, `a list of at most 50 texts`);
    return [];
  }

  /** Pairs of name and value. */
  pairs(name: string): (readonly [string, string])[] {
    const value = this.#take(name);
    const isPair = (one: unknown): one is [string, string] =>
      Array.isArray(one) && one.length === 2 && one.every((part) => typeof part === "string");
    if (Array.isArray(value) && value.length <= 50 && value.every(isPair)) return value;
    this.refuse(name, value, `a list of pairs such as ["Content-Type", "text/xml"]`);
    return [];
  }

  /** Names that nobody asked for are mistakes of spelling. */
  end(): void {
    for (const name of Object.keys(this.#values)) {
      if (!this.#known.has(name)) {
        const known = [...this.#known].join(", ");
        this.#problems.push(`${this.#place(name)}: is not known here, known are ${known}`);
      }
    }
  }

  #take(name: string): unknown {
    this.#known.add(name);
    return this.#values[name];
  }

  #place(name: string): string {
    if (name === "") return this.path === "" ? "rule" : this.path;
    return this.path === "" ? name : `${this.path}.${name}`;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function shown(value: unknown): string {
  const text = (JSON.stringify(value) ?? String(value)).replaceAll(";", ",");
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** A day: nothing on purpose lasts longer. */
export const milliseconds: NumberRange = { min: 0, max: 86_400_000, unit: "ms" };
