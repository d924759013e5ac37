/** A map that forgets its oldest entry: what never ends must not pile up. */

const usualCapacity = 20_000;

export function remember<Key, Value>(
  map: Map<Key, Value>,
  key: Key,
  value: Value,
  capacity: number = usualCapacity,
): void {
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > capacity && !oldest.done) map.delete(oldest.value);
}
