/** Microseconds that one call takes, by the fastest of `batches`: others on the machine make some slow, and none fast. */
export function fastest(batches: number, calls: number, call: (index: number) => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < batches; batch += 1) {
    const started = performance.now();
    for (let index = 0; index < calls; index += 1) call(batch * calls + index);
    best = Math.min(best, performance.now() - started);
  }
  return (best * 1000) / calls;
}
