/** The rows of the list: a plain array in number order beside a map id → place. It never holds a row below its floor with a gap above. */

export interface ListedRow {
  readonly id: string;
  readonly number: number;
  readonly seq: number;
}

/**
 * Rows may arrive in any order and more than once: the higher `seq` wins, so pages and live changes can be mixed freely.
 * Places are kept as absolute numbers (`base` is the first), so that prepending a page costs no re-numbering.
 */
export class RowStore<Row extends ListedRow> {
  readonly #limit: number;
  #rows: Row[] = [];
  #places = new Map<string, number>();
  #base = 0;
  #floor = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#rows.length;
  }

  /** Rows with a number below it are not held (yet): live changes to them are ignored until their page is loaded. */
  get floor(): number {
    return this.#floor;
  }

  /** True when the cap was reached, so that older pages make no sense. */
  get full(): boolean {
    return this.#rows.length >= this.#limit;
  }

  at(index: number): Row | undefined {
    return this.#rows[index];
  }

  get(id: string): Row | undefined {
    const index = this.indexOf(id);
    return index < 0 ? undefined : this.#rows[index];
  }

  indexOf(id: string): number {
    const place = this.#places.get(id);
    return place === undefined ? -1 : place - this.#base;
  }

  /** All rows, for reading only; the array changes with the next `put`. */
  all(): readonly Row[] {
    return this.#rows;
  }

  /** Adds or replaces rows from the feed; rows below the floor are left to their page. */
  put(rows: readonly Row[]): void {
    const late: Row[] = [];
    for (const row of rows) {
      const index = this.indexOf(row.id);
      const known = index < 0 ? undefined : this.#rows[index];
      if (known !== undefined) {
        if (row.seq >= known.seq) this.#rows[index] = row;
      } else if (row.number >= this.#floor) {
        if (row.number > this.#lastNumber()) this.#append(row);
        else late.push(row);
      }
    }
    if (late.length > 0) this.#insert(late);
    this.#trim();
  }

  /** Adds a page of older rows; from now on everything from `floor` upwards is held. */
  putPage(rows: readonly Row[], floor: number): void {
    this.#floor = Math.min(this.#floor, floor);
    this.put(rows);
  }

  remove(ids: readonly string[]): void {
    const gone = new Set(ids.filter((id) => this.#places.has(id)));
    if (gone.size === 0) return;
    this.#rows = this.#rows.filter((row) => !gone.has(row.id));
    this.#number();
  }

  /** Forgets all rows. Nothing below `floor` is taken from the feed until its page comes. */
  reset(floor: number): void {
    this.#rows = [];
    this.#floor = floor;
    this.#number();
  }

  #lastNumber(): number {
    return this.#rows.at(-1)?.number ?? Number.NEGATIVE_INFINITY;
  }

  #append(row: Row): void {
    this.#places.set(row.id, this.#base + this.#rows.length);
    this.#rows.push(row);
  }

  #insert(late: readonly Row[]): void {
    const latest = new Map<string, Row>();
    for (const row of late) {
      const other = latest.get(row.id);
      if (other === undefined || row.seq >= other.seq) latest.set(row.id, row);
    }
    const rows = [...latest.values()].sort((left, right) => left.number - right.number);
    const first = this.#rows[0];
    const last = rows.at(-1);
    if (first !== undefined && last !== undefined && last.number < first.number) {
      this.#prepend(rows);
      return;
    }
    this.#merge(rows);
  }

  /** Only what stands behind the first of them moves: exchanges are told a few places out of order all the time. */
  #merge(rows: readonly Row[]): void {
    const from = this.#placeOf(rows[0]?.number ?? 0);
    const tail = [...this.#rows.splice(from), ...rows].sort((a, b) => a.number - b.number);
    for (const row of tail) this.#append(row);
  }

  /** Index of the first row with a number above that one. */
  #placeOf(number: number): number {
    let low = 0;
    let high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#rows[middle]?.number ?? 0) > number) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #prepend(rows: readonly Row[]): void {
    this.#base -= rows.length;
    this.#rows = [...rows, ...this.#rows];
    rows.forEach((row, index) => this.#places.set(row.id, this.#base + index));
  }

  /** Dropped in strides: shifting an array of 200,000 for each new row would cost a frame. */
  #trim(): void {
    const excess = this.#rows.length - this.#limit;
    if (excess <= Math.ceil(this.#limit / 50)) return;
    for (const row of this.#rows.splice(0, excess)) this.#places.delete(row.id);
    this.#base += excess;
    this.#floor = Math.max(this.#floor, this.#rows[0]?.number ?? 0);
  }

  #number(): void {
    this.#base = 0;
    this.#places = new Map(this.#rows.map((row, index) => [row.id, index]));
  }
}
