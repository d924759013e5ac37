/** Remembers results for values that come again and again: each poll of an agent carries the same Cookie and Authorization. */

export class Recent<Value> {
  private readonly entries = new Map<string, Value>();
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  get(key: string): Value | undefined {
    return this.entries.get(key);
  }

  clear(): void {
    this.entries.clear();
  }

  /** The one put first goes when there are too many; whoever is still in use is simply computed again. */
  put(key: string, value: Value): void {
    if (this.entries.size >= this.size) {
      const first = this.entries.keys().next().value;
      if (first !== undefined) this.entries.delete(first);
    }
    this.entries.set(key, value);
  }
}
