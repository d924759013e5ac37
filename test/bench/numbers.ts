/** Medians, percentiles and how figures are written in the table. */

/** The value at `percent` of the sorted samples (nearest rank), NaN when there are none. */
export function percentileOf(samples: readonly number[], percent: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = Math.ceil((percent / 100) * sorted.length) - 1;
  return sorted[Math.max(0, at)] ?? Number.NaN;
}

export const medianOf = (samples: readonly number[]): number => {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return Number.NaN;
  const upper = sorted[Math.floor(middle)] ?? Number.NaN;
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] ?? Number.NaN)) / 2 : upper;
};

/** Three significant figures, thousands unrounded above 1,000. */
export function written(value: number): string {
  if (!Number.isFinite(value)) return "-";
  const size = Math.abs(value);
  if (size >= 100) return String(Math.round(value));
  if (size >= 10) return value.toFixed(1);
  if (size >= 1) return value.toFixed(2);
  return value.toFixed(3);
}

/** "median (min–max)", or the one value. */
export function writtenSpread(samples: readonly number[]): string {
  if (samples.length === 0) return "-";
  const median = written(medianOf(samples));
  if (samples.length === 1) return median;
  return `${median} (${written(Math.min(...samples))}–${written(Math.max(...samples))})`;
}
