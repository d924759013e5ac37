/** A map that forgets the entry unused for longest. Keys are any text, so a host named `__proto__` is only a name. */

export interface LeafCache<Value> {
  /** Also marks the entry as used. */
  get(key: string): Value | undefined;
  /** Looks without marking. */
  peek(key: string): Value | undefined;
  set(key: string, value: Value): void;
  readonly size: number;
}

export function createLeafCache<Value>(capacity: number): LeafCache<Value> {
  const entries = new Map<string, Value>();
  const put = (key: string, value: Value): void => {
    entries.delete(key);
    entries.set(key, value);
    if (entries.size <= capacity) return;
    // Maps keep insertion order: the first key is the one unused for longest.
    for (const oldest of entries.keys()) {
      entries.delete(oldest);
      break;
    }
  };
  return {
    get: (key) => {
      const value = entries.get(key);
      if (value !== undefined) put(key, value);
      return value;
    },
    peek: (key) => entries.get(key),
    set: put,
    get size() {
      return entries.size;
    },
  };
}
